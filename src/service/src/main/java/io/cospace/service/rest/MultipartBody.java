package io.cospace.service.rest;

import io.cospace.service.embedding.Problem;
import io.cospace.service.embedding.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@code multipart/form-data} body (RFC 7578 over RFC 2046, section 5.1) in memory, taken apart
 * in the order of its parts: the order is that of the answer, which form parsers that keep files
 * and fields apart lose.
 */
final class MultipartBody {

    /** Most parts of a body, options included; far above the limit of inputs. */
    private static final int MOST_PARTS = 4096;

    private static final int MOST_HEADER_BYTES = 8192;

    /**
     * One part.
     *
     * @param name of the form field
     * @param isFile whether it has a file name or an image type
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Part(String name, boolean isFile, byte[] content) {}

    private final byte[] body;
    private final byte[] delimiter;
    private final List<Part> parts = new ArrayList<>();
    private int at;

    private MultipartBody(byte[] body, String boundary) {
        this.body = body;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * @param boundary as the content type names it
     * @throws ProblemException when the body is not made of parts
     */
    static List<Part> parts(byte[] body, String boundary) {
        MultipartBody multipart = new MultipartBody(body, boundary);
        multipart.read();
        return multipart.parts;
    }

    private void read() {
        at = openingDelimiter();
        while (!startsWith("--", at)) {
            int lineEnd = find("\r\n".getBytes(StandardCharsets.ISO_8859_1), at);
            if (lineEnd < 0) {
                throw invalid("the body ends inside a part; it was cut, or the boundary is wrong");
            }
            at = lineEnd + 2;
            readPart();
            if (parts.size() > MOST_PARTS) {
                throw invalid("the body has more than %d parts".formatted(MOST_PARTS));
            }
        }
    }

    /** Position behind the first delimiter, which has no line break before it at the very start. */
    private int openingDelimiter() {
        byte[] first = Arrays.copyOfRange(delimiter, 2, delimiter.length);
        if (find(first, 0) == 0) {
            return first.length;
        }
        int found = find(delimiter, 0);
        if (found < 0) {
            throw invalid("the boundary that Content-Type names is not in the body");
        }
        return found + delimiter.length;
    }

    private void readPart() {
        String name = null;
        boolean isFile = false;
        int headersFrom = at;
        while (!startsWith("\r\n", at)) {
            int lineEnd = find("\r\n".getBytes(StandardCharsets.ISO_8859_1), at);
            if (lineEnd < 0 || lineEnd - headersFrom > MOST_HEADER_BYTES) {
                throw invalid("the headers of part %d do not end".formatted(parts.size()));
            }
            String line = new String(body, at, lineEnd - at, StandardCharsets.UTF_8);
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-disposition:")) {
                name = HeaderValue.parameter(line, "name");
                isFile |= HeaderValue.parameter(line, "filename") != null;
            } else if (lower.startsWith("content-type:")) {
                isFile |= lower.substring("content-type:".length()).strip().startsWith("image/");
            }
            at = lineEnd + 2;
        }
        int from = at + 2;
        // An empty part's delimiter begins with the line break that ends its headers.
        int to = find(delimiter, at);
        if (to < 0) {
            throw invalid("the body ends inside a part; it was cut, or the boundary is wrong");
        }
        if (name == null) {
            throw invalid(
                    "part %d has no name in a Content-Disposition header".formatted(parts.size()));
        }
        parts.add(new Part(name, isFile, Arrays.copyOfRange(body, Math.min(from, to), to)));
        at = to + delimiter.length;
    }

    private boolean startsWith(String text, int from) {
        for (int i = 0; i < text.length(); i++) {
            if (from + i >= body.length || body[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int find(byte[] wanted, int from) {
        outer:
        for (int i = from; i <= body.length - wanted.length; i++) {
            for (int j = 0; j < wanted.length; j++) {
                if (body[i + j] != wanted[j]) {
                    continue outer;
                }
            }
            return i;
        }
        return -1;
    }

    private static ProblemException invalid(String reason) {
        return new ProblemException(Problem.InvalidRequest.at("", reason));
    }

    /** The text of a part; null when it is not UTF-8. */
    static @Nullable String text(byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(content))
                    .toString();
        } catch (java.nio.charset.CharacterCodingException _) {
            return null;
        }
    }
}
