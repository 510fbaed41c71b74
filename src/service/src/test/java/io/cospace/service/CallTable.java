package io.cospace.service;

import static io.cospace.service.KeyedService.GOOD;
import static io.cospace.service.KeyedService.SPENT;
import static io.cospace.service.KeyedService.UNKNOWN;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What {@link BothTransportsTest} asks over both transports of {@link KeyedService}. */
final class CallTable {

    private static final String CAT = "{\"text\": \"a red bicycle\"}";
    private static final String GIF = image("R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=");
    private static final String NO_IMAGE = image("bm90IGFuIGltYWdl");
    private static final String LONG =
            "{\"text\": \"one red \\uD83D\\uDEB2 two. Three four five. %s\"}"
                    .formatted("six seven. ".repeat(20));

    /** A call of one text. */
    static final String ONE = body(CAT, "");

    private CallTable() {}

    private static String image(String base64) {
        return "{\"image\": \"" + base64 + "\"}";
    }

    private static String body(String inputs, String options) {
        return "{\"inputs\": [" + inputs + "]" + options + "}";
    }

    /**
     * One call of the table.
     *
     * @param expected HTTP status
     */
    record Call(String key, int expected, String body) {

        static Call good(String body) {
            return new Call(GOOD, 200, body);
        }

        static Call bad(int expected, String body) {
            return new Call(GOOD, expected, body);
        }

        @Override
        public String toString() {
            return "%s %d %.60s".formatted(key, expected, body);
        }
    }

    static List<Call> embeds() {
        List<Call> calls = new ArrayList<>();
        calls.add(Call.good(body(CAT, "")));
        calls.add(Call.good(body(CAT + "," + GIF + ",{\"text\": \"ein rotes Fahrrad\"}", "")));
        calls.add(Call.good(body("{\"text\": \"cat\", \"task\": \"query\"}," + CAT, "")));
        calls.add(Call.good(body(CAT, ", \"task\": \"query\"")));
        calls.add(Call.good(body(CAT + "," + GIF, ", \"dimensions\": 16")));
        calls.add(Call.good(body(CAT, ", \"types\": [\"float\", \"binary\", \"ubinary\"]")));
        calls.add(Call.good(body(CAT + "," + GIF, ", \"types\": [\"int8\", \"uint8\"]")));
        for (String way : List.of("truncate_end", "truncate_start", "pool", "chunks")) {
            calls.add(Call.good(body(LONG + "," + CAT, ", \"long_text\": \"%s\"".formatted(way))));
        }
        calls.add(Call.good(body(LONG, ", \"long_text\": \"chunks\", \"offsets\": \"utf16\"")));
        calls.add(Call.good(body(CAT, ", \"model\": \"tiny\"")));
        calls.add(Call.good(body(CAT, ", \"model\": \"tiny/1\"")));
        String bad = CAT + ",{\"text\": \"\"}," + NO_IMAGE + "," + LONG;
        calls.add(Call.good(body(bad, ", \"on_error\": \"item\"")));
        calls.add(Call.bad(400, body("", "")));
        calls.add(Call.bad(422, body(bad, "")));
        calls.add(Call.bad(422, body(NO_IMAGE, "")));
        calls.add(Call.bad(422, body(LONG, "")));
        calls.add(Call.bad(422, body("{\"image_url\": \"https://example.org/a.png\"}", "")));
        calls.add(Call.bad(400, body("{}", "")));
        calls.add(Call.bad(413, body(String.join(",", Collections.nCopies(1_025, CAT)), "")));
        calls.add(Call.bad(422, body(CAT, ", \"dimensions\": 17")));
        calls.add(Call.bad(404, body(CAT, ", \"model\": \"other\"")));
        calls.add(Call.bad(422, body(CAT, ", \"space\": \"other-0123456789abcdef\"")));
        calls.add(Call.bad(422, body("{\"text\": \"%s\"}".formatted("a".repeat(1_000_001)), "")));
        calls.add(new Call("", 401, body(CAT, "")));
        calls.add(new Call(UNKNOWN, 401, body(CAT, "")));
        calls.add(new Call(SPENT, 429, body(CAT, "")));
        String windows = "{\"text\": \"%s\"}".formatted("six seven eight. ".repeat(100));
        String many = String.join(",", Collections.nCopies(32, windows));
        calls.add(Call.bad(503, body(many, ", \"long_text\": \"pool\"")));
        return calls;
    }

    static List<Call> similarities() {
        String two = CAT + ",{\"text\": \"a cat\"}";
        String three = GIF + "," + two;
        String vector = "{\"embedding\": [" + "0.1,".repeat(31) + "0.7], \"space\": \"%s\"}";
        String stored = vector.formatted(CalibratedBundle.space());
        String foreign = vector.formatted("other-0123456789abcdef");
        String lists = "{\"a\": [%s], \"b\": [%s]%s}";
        return List.of(
                Call.good(lists.formatted(two, three, "")),
                Call.good(lists.formatted(two, three, ", \"score\": \"probability\"")),
                Call.good(lists.formatted(two, three, ", \"top_k\": 2")),
                Call.good(lists.formatted(three, three, ", \"mode\": \"pairs\"")),
                Call.good(lists.formatted(stored + "," + CAT, three, ", \"dimensions\": 8")),
                Call.bad(400, lists.formatted(two, three, ", \"mode\": \"pairs\"")),
                Call.bad(400, lists.formatted("{\"embedding\": [1, 2]}", three, "")),
                Call.bad(422, lists.formatted(NO_IMAGE, three, "")),
                Call.bad(422, lists.formatted(foreign, three, "")),
                new Call("", 401, lists.formatted(two, three, "")),
                new Call(SPENT, 429, lists.formatted(two, three, "")));
    }

    static List<Call> streams() {
        String mixed = CAT + "," + GIF + "," + NO_IMAGE + ",{\"text\": \"\"}," + LONG;
        return List.of(
                Call.good(body(mixed, "")),
                Call.good(body(mixed, ", \"dimensions\": 8, \"long_text\": \"chunks\"")),
                Call.good(body(CAT + "," + GIF, ", \"types\": [\"int8\", \"ubinary\"]")),
                Call.bad(422, body(mixed, ", \"dimensions\": 17")),
                Call.bad(404, body(mixed, ", \"model\": \"other\"")),
                new Call(UNKNOWN, 401, body(mixed, "")));
    }
}
