package io.cospace.service.embedding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The models that are served: versions of one or more names. A name alone means the version that is
 * its default; a call that names nothing gets the default of the first name, until the operator
 * says otherwise.
 *
 * <p>A new version becomes the default by itself only where it gives vectors of the same space. The
 * one it replaces stays open for a roll-back, until the next change retires it. Thread-safe:
 * changes replace an immutable {@link Roster}, so that a call sees the one before or the one after.
 */
public final class ServedModels implements Models {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private volatile Roster roster = Roster.EMPTY;

    /** A model that nobody can ask for any more. */
    record Retired(Model model, Leases leases) {

        private static Retired of(Roster.Entry entry) {
            CompletableFuture<Void> _ = entry.leases().retire();
            return new Retired(entry.model(), entry.leases());
        }

        /** Ends with the last call that uses it. */
        CompletableFuture<Void> unused() {
            return leases.retire();
        }
    }

    /** Serves a model from now on. */
    public void serve(Model model) {
        List<Retired> _ = add(model);
    }

    /**
     * Serves a model from now on; as the default of its name if it is the first, or of the same
     * space as the one that is.
     *
     * @return the versions that this retires
     * @throws ModelConflictException when its name and version are served already
     */
    synchronized List<Retired> add(Model model) {
        if (roster.find(model.id()).isPresent()) {
            throw new ModelConflictException(model.id() + " is served already");
        }
        Optional<Roster.Entry> current = roster.find(model.manifest().name());
        Roster with = roster.with(model);
        boolean switches = current.isEmpty() || current.get().model().space().equals(model.space());
        return change(switches ? with.withDefault(model.id()) : with);
    }

    /**
     * Makes a version the default of its name, whatever its space.
     *
     * @return the versions that this retires
     * @throws ProblemException when it is not served
     */
    synchronized List<Retired> makeDefault(String id) {
        requireServed(id);
        return change(roster.withDefault(id));
    }

    /**
     * Makes a name the one that calls get which name nothing.
     *
     * @throws ProblemException when it is not served
     */
    synchronized void makeFirst(String name) {
        requireServed(name);
        roster = roster.withFirst(name);
    }

    /**
     * Serves a version no longer.
     *
     * @throws ProblemException when it is not served
     * @throws ModelConflictException when it is the default of other versions, or of all calls
     */
    synchronized Retired retire(String id) {
        Roster.Entry entry = requireServed(id);
        roster.conflict(entry)
                .ifPresent(reason -> {
                    throw new ModelConflictException(reason);
                });
        roster = roster.without(entry);
        return Retired.of(entry);
    }

    /** Puts a roster in place of the current one, and retires what it has no use for. */
    private List<Retired> change(Roster changed) {
        List<Roster.Entry> spare = changed.spare(roster);
        Roster kept = changed;
        for (Roster.Entry entry : spare) {
            kept = kept.without(entry);
        }
        roster = kept;
        List<Retired> retired = new ArrayList<>(spare.size());
        for (Roster.Entry entry : spare) {
            retired.add(Retired.of(entry));
        }
        return retired;
    }

    private Roster.Entry requireServed(String id) {
        return roster.find(id).orElseThrow(() -> unknown(id, roster));
    }

    @Override
    public Model find(@Nullable String name, @Nullable String space) {
        return entry(name, space).model();
    }

    @Override
    public Lease lease(@Nullable String name, @Nullable String space) {
        while (true) {
            Roster.Entry entry = entry(name, space);
            if (entry.leases().take()) {
                return new Lease(entry.model(), entry.leases()::giveBack);
            }
            // Retired between the two lines: the roster is another by now.
        }
    }

    private Roster.Entry entry(@Nullable String name, @Nullable String space) {
        Roster now = roster;
        if (now.entries().isEmpty()) {
            throw new ProblemException(
                    new Problem.NotReady("the model is still being opened", RETRY_AFTER));
        }
        Roster.Entry entry =
                (name == null ? now.first() : now.find(name))
                        .orElseThrow(() -> unknown(String.valueOf(name), now));
        if (space != null && !space.equals(entry.model().space())) {
            throw new ProblemException(new Problem.SpaceMismatch(space, entry.model().space()));
        }
        return entry;
    }

    @Override
    public List<Model> all() {
        return roster.entries().stream().map(Roster.Entry::model).toList();
    }

    /** What is served, for the operator; in the order of {@link #all}. */
    List<ModelStatus> status() {
        Roster now = roster;
        return now.entries().stream()
                .map(entry ->
                        new ModelStatus(
                                entry.model(), now.role(entry.model()), entry.leases().open()))
                .toList();
    }

    private static ProblemException unknown(String name, Roster roster) {
        List<String> ids = roster.entries().stream().map(entry -> entry.model().id()).toList();
        return new ProblemException(new Problem.ModelUnknown(name, ids));
    }
}
