package io.cospace.service.rest;

import io.cospace.service.admission.Permit;
import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.Input;
import io.cospace.service.embedding.ItemStream;
import io.cospace.service.embedding.Limits;
import io.cospace.service.embedding.OnError;
import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A bulk call: a body of lines, the options first and then an input each, answered as lines. Lines
 * are read while there is room in the window of {@link LineAnswers}. Used on the event loop of its
 * call; lines are parsed and embedded on the workers, a few at once.
 */
final class LineCall {

    private static final int LINES_A_TASK = 32;
    private static final int LONGEST_OPTIONS = 64 << 10;
    private static final long MEMORY_MILLIS = 50;

    private record Taken(long index, LineReader.Line line) {}

    private final LineService service;
    private final HttpServerRequest request;
    private final Vertx vertx;
    private final Exchange exchange;
    private final Permit permit;
    private final LineReader lines;
    private final LineAnswers answers;
    private final ItemStream items;
    private final Pace pace;
    private LineService.@Nullable Asked asked;
    private long nextIndex;
    private int readerBytes;
    private boolean bodyEnded;
    private boolean over;
    private boolean waitsForMemory;
    private long timeoutTimer = -1;

    LineCall(LineService service, Exchange exchange, Permit permit) {
        Limits limits = service.limits();
        this.service = service;
        this.request = exchange.http().request();
        this.vertx = exchange.http().vertx();
        this.exchange = exchange;
        this.permit = permit;
        this.lines = new LineReader(limits.bodyBytes());
        this.items =
                service.items(
                        permit,
                        () ->
                                new CallContext(
                                        System.nanoTime(), limits.timeout(), permit.priority()));
        this.answers = service.answers(exchange, this::pump);
        this.pace = new Pace(vertx, service.idleMillis(), this::late);
    }

    /**
     * Begins to read.
     *
     * @param timeout time that the whole call has; null: as long as it takes
     */
    void start(@Nullable Duration timeout) {
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.exceptionHandler(_ -> {
            bodyEnded = true; // nothing more comes, and a stream that was reset must not be touched
            exchange.gone();
        });
        request.handler(this::take);
        request.endHandler(_ -> {
            bodyEnded = true;
            lines.end();
            pump();
        });
        if (timeout != null) {
            timeoutTimer =
                    vertx.setTimer(
                            Math.max(1, timeout.toMillis()),
                            _ -> fail(new ProblemException(new Problem.DeadlineExceeded(timeout))));
        }
        pace.start();
    }

    private void take(Buffer piece) {
        if (over) {
            return;
        }
        pace.progress(piece.length());
        lines.add(piece);
        pump();
    }

    /** Takes the lines that there is room for, and reads on while there is more. */
    private void pump() {
        if (over) {
            return;
        }
        List<Taken> taken = new ArrayList<>();
        LineReader.Line line;
        while (!over && answers.hasRoom() && (line = lines.poll()) != null) {
            if (asked == null) {
                begin(line);
            } else {
                answers.taken(line.length());
                taken.add(new Taken(nextIndex++, line));
                if (taken.size() == LINES_A_TASK) {
                    run(taken);
                    taken = new ArrayList<>();
                }
            }
        }
        if (!taken.isEmpty()) {
            run(taken);
        }
        if (!over) {
            account();
            readOn();
        }
    }

    private void readOn() {
        boolean room = answers.hasRoom();
        if (bodyEnded && room) {
            finish();
            return;
        }
        if (room && !bodyEnded) {
            request.resume();
        } else {
            request.pause();
        }
        // While its lines are worked on, a client may rest.
        if (bodyEnded || !answers.isIdle()) {
            pace.stop();
        } else if (!pace.isRunning()) {
            pace.start();
        }
        if (!room && answers.isIdle() && !waitsForMemory) {
            waitsForMemory = true;
            vertx.setTimer(
                    MEMORY_MILLIS,
                    _ -> {
                        waitsForMemory = false;
                        pump();
                    });
        }
    }

    private void finish() {
        if (asked == null) {
            fail(
                    new ProblemException(
                            Problem.InvalidRequest.at(
                                    "", "the body is empty; its first line holds the options")));
        } else {
            stop();
            answers.end();
        }
    }

    private void begin(LineReader.Line line) {
        try {
            if (line.bytes() == null || line.length() > LONGEST_OPTIONS) {
                throw new ProblemException(
                        new Problem.BodyTooLarge(LONGEST_OPTIONS, "the line of options"));
            }
            LineService.Asked all = service.asked(line.bytes());
            asked = all;
            items.use(all.lease());
            exchange.trail().model(all.model().id());
            if (answers.begin(service.headers(all), this::closed)) {
                permit.onDrain(() -> exchange.onLoop(this::leave));
            } else {
                items.close();
            }
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void run(List<Taken> taken) {
        LineService.Asked all = asked;
        if (all == null) {
            return;
        }
        try {
            service.workers().texts().execute(() -> taken.forEach(one -> embed(one, all)));
        } catch (RejectedExecutionException _) {
            fail(new ProblemException(new Problem.Draining(Duration.ofSeconds(1))));
        }
    }

    /** Reads and embeds one line, on the workers. */
    private void embed(Taken one, LineService.Asked all) {
        LineInput line = new LineInput();
        Input input;
        try {
            if (one.line().bytes() == null) {
                throw new ProblemException(
                        new Problem.BodyTooLarge(service.limits().bodyBytes(), "the line"));
            }
            input = line.read(service.json(), one.line().bytes());
        } catch (ProblemException e) {
            answer(one, line.id(), new EmbedResult.Failed(null, e.problem()), all);
            return;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            exchange.onLoop(() -> fail(e));
            return;
        }
        var request = new EmbedRequest(List.of(input), all.options(), all.types(), OnError.ITEM);
        items.embed(
                request,
                new ItemStream.Answer() {
                    @Override
                    public void item(EmbedResult.Item item) {
                        answer(one, line.id(), item, all);
                    }

                    @Override
                    public void fault(Throwable thrown) {
                        exchange.onLoop(() -> fail(thrown));
                    }
                });
    }

    private void answer(
            Taken one, LineInput.@Nullable Id id, EmbedResult.Item item, LineService.Asked all) {
        exchange.trail().asked(1);
        exchange.trail().answered(List.of(item));
        answers.answer(Answers.line(one.index(), id, item, all.types()), one.line().length());
    }

    /** The process is about to end: what was read is answered, and nothing more is read. */
    private void leave() {
        if (!over) {
            stop();
            answers.end(HttpProblem.of(new Problem.Draining(Duration.ofSeconds(1))));
        }
    }

    private void late() {
        if (over) {
            return;
        }
        HttpProblem problem =
                HttpProblem.of(
                        ProblemType.REQUEST_TIMEOUT,
                        "no whole line came in time; the longest pause is %d ms"
                                .formatted(service.idleMillis()));
        stop();
        if (exchange.isOpen()) {
            answers.end(problem);
        } else {
            BodyReader.throwAway(vertx, request, true);
            exchange.fail(problem);
        }
    }

    private void fail(Throwable thrown) {
        stop();
        items.close();
        if (exchange.isOpen()) {
            answers.abort(exchange.problem(thrown));
        } else {
            if (!bodyEnded) {
                BodyReader.throwAway(vertx, request, true);
            }
            exchange.fail(thrown);
        }
    }

    /**
     * The answer has ended. What still comes is thrown away, so that the client gets to read it.
     */
    private void closed() {
        stop();
        items.close();
        vertx.cancelTimer(timeoutTimer);
        if (!bodyEnded) {
            BodyReader.throwAway(vertx, request, false);
        }
    }

    /** Reads no more. */
    private void stop() {
        over = true;
        pace.stop();
        service.memory().add(-readerBytes);
        readerBytes = 0;
        if (!bodyEnded) {
            request.pause();
        }
    }

    private void account() {
        int bytes = lines.heldBytes();
        service.memory().add(bytes - readerBytes);
        readerBytes = bytes;
    }
}
