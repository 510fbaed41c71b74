package io.cospace.service.rest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The pages that problem types link to. */
final class ProblemPages {

    static final String CONTENT_TYPE = "text/html; charset=utf-8";

    private ProblemPages() {}

    /** The page of one type; empty when there is none of that name. */
    static Optional<byte[]> page(String name) {
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.wireName().equals(name))
                .findFirst()
                .map(ProblemPages::page);
    }

    /** The list of all types. */
    static byte[] index() {
        StringBuilder list = new StringBuilder("<ul>\n");
        for (ProblemType type : ProblemType.values()) {
            list.append(
                    "<li><a href=\"%s\">%s</a> (%d): %s</li>%n"
                            .formatted(type.uri(), type.wireName(), type.status(), type.meaning()));
        }
        return html("Problems", list.append("</ul>\n").toString());
    }

    private static byte[] page(ProblemType type) {
        return html(
                type.title(),
                "<p>Status %d, type <code>%s</code></p>%n<p>%s</p>%n<p>%s</p>%n"
                        .formatted(type.status(), type.uri(), type.meaning(), type.remedy()));
    }

    private static byte[] html(String title, String content) {
        return """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><title>%s</title></head>
        <body>
        <h1>%s</h1>
        %s</body>
        </html>
        """
                .formatted(title, title, content)
                .getBytes(StandardCharsets.UTF_8);
    }
}
