package io.cospace.service.rest;

import io.cospace.encoder.text.TokenizedText;
import io.cospace.service.embedding.TokenizeResult;

/** From tokens to JSON. */
final class TokenAnswers {

    private TokenAnswers() {}

    static byte[] of(TokenizeResult result) {
        JsonWriter out = new JsonWriter(1024).object();
        out.name("model").value(result.model().id()).name("data").array();
        for (int i = 0; i < result.texts().size(); i++) {
            out.object().name("index").value(i);
            write(out, result.inputs().get(i).text(), result.texts().get(i));
            out.endObject();
        }
        return out.endArray().endObject().bytes();
    }

    private static void write(JsonWriter out, String text, TokenizedText tokens) {
        out.name("ids").array();
        for (int t = 0; t < tokens.length(); t++) {
            out.value(tokens.id(t));
        }
        out.endArray().name("tokens").array();
        for (int t = 0; t < tokens.length(); t++) {
            boolean isContent = t >= tokens.contentFrom() && t < tokens.contentTo();
            out.value(isContent ? text.substring(tokens.start(t), tokens.end(t)) : "");
        }
        out.endArray().name("offsets").array();
        int[] points = codePoints(text);
        for (int t = 0; t < tokens.length(); t++) {
            out.array().value(points[tokens.start(t)]).value(points[tokens.end(t)]).endArray();
        }
        out.endArray();
    }

    /** For every UTF-16 index, the end included, how many code points stand before it. */
    private static int[] codePoints(String text) {
        int[] points = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            boolean secondHalf =
                    Character.isLowSurrogate(text.charAt(i))
                            && i > 0
                            && Character.isHighSurrogate(text.charAt(i - 1));
            points[i + 1] = points[i] + (secondHalf ? 0 : 1);
        }
        return points;
    }
}
