package io.cospace.service.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who works on what: for each dispatcher the batch that runs and the parts of it still to run, who
 * is busy, who is stuck. A plain state machine; guarded by the lock of {@link Engine}.
 */
final class Crew {

    /** The work of one dispatcher. A stuck one is abandoned: its place gets a new member. */
    static final class Member {
        final int index;

        /** Parts of the batch in hand, next first. */
        private final Deque<Batch<?, ?>> pending = new ArrayDeque<>();

        private @Nullable Batch<?, ?> running;
        private long startNanos;
        private boolean busy;

        /** Another member has its place: its thread ends as soon as the run comes back. */
        private boolean abandoned;

        /** Its run is known to be overdue. */
        private boolean reported;

        Member(int index) {
            this.index = index;
        }
    }

    /** A run that takes far longer than predicted. */
    record Overrun(Member member, Batch<?, ?> batch, String reason) {}

    private static final double NANOS_PER_MILLI = 1e6;

    private final DispatcherSettings settings;
    private final Saturation saturation;
    private final List<Member> members = new ArrayList<>();
    private final List<Overrun> stuck = new ArrayList<>();
    private final Map<Member, String> lost = new LinkedHashMap<>();
    private int busy;

    Crew(DispatcherSettings settings, long nowNanos) {
        this.settings = settings;
        this.saturation = new Saturation(settings.dispatchers(), nowNanos);
        for (int index = 0; index < settings.dispatchers(); index++) {
            members.add(new Member(index));
        }
    }

    Member member(int index) {
        return members.get(index);
    }

    int busy() {
        return busy;
    }

    int idle() {
        return settings.dispatchers() - busy;
    }

    Saturation saturation() {
        return saturation;
    }

    /** Hands a batch to an idle member. */
    void assign(Member member, Batch<?, ?> batch, long nowNanos) {
        saturation.change(busy, nowNanos);
        busy++;
        member.busy = true;
        member.pending.push(batch);
    }

    /** The next part of the batch in hand starts; null: there is none, and the member is idle. */
    @Nullable Batch<?, ?> advance(Member member, long nowNanos) {
        if (member.reported) {
            stuck.removeIf(overrun -> overrun.member == member);
            member.reported = false;
        }
        if (member.abandoned) {
            return null;
        }
        member.running = member.pending.poll();
        member.startNanos = nowNanos;
        if (member.running == null && member.busy) {
            saturation.change(busy, nowNanos);
            busy--;
            member.busy = false;
        }
        return member.running;
    }

    /** Puts parts of the running batch in its place; the first of them runs first. */
    void split(Member member, List<? extends Batch<?, ?>> parts) {
        if (!member.abandoned) {
            member.running = null;
            parts.reversed().forEach(member.pending::push);
        }
    }

    /** The batch that a dead thread leaves behind, if it was not answered. */
    @Nullable Batch<?, ?> release(Member member) {
        Batch<?, ?> left = member.running;
        member.running = null;
        return left;
    }

    boolean isAbandoned(Member member) {
        return member.abandoned;
    }

    boolean runs(Lane<?, ?> lane) {
        for (Member member : members) {
            Batch<?, ?> next = member.running == null ? member.pending.peek() : member.running;
            if (next != null && next.lane() == lane) {
                return true;
            }
        }
        return false;
    }

    /** Predicted ends of the batches in hand; what has not begun counts as beginning now. */
    long[] endsNanos(long nowNanos) {
        long[] ends = new long[members.size()];
        int count = 0;
        for (Member member : members) {
            Batch<?, ?> batch = member.running;
            long from = member.startNanos;
            if (batch == null) {
                batch = member.pending.peek();
                from = nowNanos;
            }
            if (batch != null) {
                ends[count++] = from + (long) (batch.predictedMillis() * NANOS_PER_MILLI);
            }
        }
        return Arrays.copyOf(ends, count);
    }

    /** What is in hand, with what waits. */
    Forecast forecast(double interactiveMillis, double bulkMillis) {
        long[] ends = new long[members.size()];
        int running = 0;
        double pending = 0;
        for (Member member : members) {
            if (member.running != null) {
                double millis = member.running.predictedMillis();
                ends[running++] = member.startNanos + (long) (millis * NANOS_PER_MILLI);
            }
            for (Batch<?, ?> batch : member.pending) {
                pending += batch.predictedMillis();
            }
        }
        return new Forecast(
                interactiveMillis,
                bulkMillis,
                Arrays.copyOf(ends, running),
                pending,
                idle(),
                settings.dispatchers());
    }

    // ---- the watch over stuck runs

    /** Runs that became overdue since the last call. */
    List<Overrun> overruns(long nowNanos) {
        List<Overrun> found = new ArrayList<>();
        for (Member member : members) {
            Batch<?, ?> batch = member.running;
            if (batch == null || member.reported) {
                continue;
            }
            double limit =
                    Math.max(
                            settings.overrunFloor().toNanos() / NANOS_PER_MILLI,
                            settings.overrunFactor() * batch.predictedMillis());
            if ((nowNanos - member.startNanos) / NANOS_PER_MILLI > limit) {
                found.add(
                        new Overrun(
                                member,
                                batch,
                                "dispatcher %d has run %d items of lane %s for over %.0f s;"
                                                .formatted(
                                                        member.index,
                                                        batch.rows(),
                                                        batch.lane().name(),
                                                        limit / 1e3)
                                        + " predicted %.3f s"
                                                .formatted(batch.predictedMillis() / 1e3)));
            }
        }
        return found;
    }

    /**
     * Gives up on a stuck member. A new member takes its place and the parts it had still to run,
     * as long as no more are stuck than there are dispatchers; then the place stays taken.
     *
     * @return the new member, if there is one
     */
    Optional<Member> abandon(Overrun overrun, long nowNanos) {
        Member old = overrun.member;
        old.reported = true;
        stuck.add(overrun);
        if (stuck.size() > settings.dispatchers()) {
            return Optional.empty();
        }
        old.abandoned = true;
        Member successor = new Member(old.index);
        successor.pending.addAll(old.pending);
        successor.busy = !successor.pending.isEmpty();
        old.pending.clear();
        if (!successor.busy) {
            saturation.change(busy, nowNanos);
            busy--;
        }
        members.set(old.index, successor);
        return Optional.of(successor);
    }

    /** Says that a member has no thread. */
    void lost(Member member, String reason) {
        lost.put(member, reason);
    }

    /** Says that a member has a thread. */
    void found(Member member) {
        lost.remove(member);
    }

    /** The members without a thread. */
    List<Member> lost() {
        return List.copyOf(lost.keySet());
    }

    /** What is wrong now: a run that is overdue, or a member without a thread. */
    Optional<String> stuck() {
        return stuck.isEmpty()
                ? lost.values().stream().findFirst()
                : Optional.of(stuck.getFirst().reason);
    }
}
