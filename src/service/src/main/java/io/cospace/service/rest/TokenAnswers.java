package io.cospace.service.rest;

import io.cospace.service.embedding.TokenizeResult;
import io.cospace.service.embedding.TokenizeResult.Token;

/** From tokens to JSON. */
final class TokenAnswers {

    private TokenAnswers() {}

    static byte[] of(TokenizeResult result) {
        JsonWriter out = new JsonWriter(1024).object();
        out.name("model").value(result.model()).name("data").array();
        for (int i = 0; i < result.texts().size(); i++) {
            out.object().name("index").value(i);
            write(out, result.texts().get(i));
            out.endObject();
        }
        return out.endArray().endObject().bytes();
    }

    private static void write(JsonWriter out, TokenizeResult.Text text) {
        out.name("ids").array();
        text.tokens().forEach(token -> out.value(token.id()));
        out.endArray().name("tokens").array();
        text.tokens().forEach(token -> out.value(token.piece()));
        out.endArray().name("offsets").array();
        for (Token token : text.tokens()) {
            if (token.start() < 0) {
                out.nothing();
            } else {
                out.array().value(token.start()).value(token.end()).endArray();
            }
        }
        out.endArray();
    }
}
