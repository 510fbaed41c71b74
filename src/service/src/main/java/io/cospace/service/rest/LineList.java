package io.cospace.service.rest;

import io.cospace.service.embedding.CallContext;
import io.cospace.service.embedding.EmbedRequest;
import io.cospace.service.embedding.EmbedResult;
import io.cospace.service.embedding.ItemStream;
import io.cospace.service.embedding.OnError;
import java.util.List;

/**
 * A call whose inputs came in one body and are answered in lines, each when it is ready. Used on
 * the event loop of its call, but for {@link #begin}.
 */
final class LineList {

    private final LineService service;
    private final Exchange exchange;
    private final EmbedRequest request;
    private final LineService.Asked asked;
    private final ItemStream items;
    private final LineAnswers answers;
    private int next;
    private boolean ended;

    private LineList(
            LineService service, Exchange exchange, EmbedRequest request, CallContext call) {
        this.service = service;
        this.exchange = exchange;
        this.request = request;
        this.asked = service.asked(request);
        this.items = service.items(null, () -> call);
        items.use(asked.lease());
        this.answers = service.answers(exchange, this::pump);
    }

    /**
     * Begins the answer; on the workers.
     *
     * @param call until when it must be ready
     */
    static void begin(
            LineService service, Exchange exchange, EmbedRequest request, CallContext call) {
        LineList list = new LineList(service, exchange, request, call);
        exchange.onLoop(list::start);
    }

    private void start() {
        exchange.trail().model(asked.model().id());
        if (answers.begin(service.headers(asked), items::close)) {
            pump();
        } else {
            items.close();
        }
    }

    private void pump() {
        int from = next;
        while (next < request.inputs().size() && answers.hasRoom()) {
            answers.taken(0);
            next++;
        }
        int to = next;
        if (to > from) {
            service.workers()
                    .texts()
                    .execute(() -> {
                        for (int index = from; index < to; index++) {
                            embed(index);
                        }
                    });
        }
        if (next == request.inputs().size() && !ended) {
            ended = true;
            answers.end();
        }
    }

    private void embed(int index) {
        var one =
                new EmbedRequest(
                        List.of(request.inputs().get(index)),
                        asked.options(),
                        asked.types(),
                        OnError.ITEM);
        items.embed(
                one,
                new ItemStream.Answer() {
                    @Override
                    public void item(EmbedResult.Item item) {
                        exchange.trail().answered(List.of(item));
                        answers.answer(Answers.line(index, null, item, asked.types()), 0);
                    }

                    @Override
                    public void fault(Throwable thrown) {
                        exchange.onLoop(() -> answers.abort(exchange.problem(thrown)));
                    }
                });
    }
}
