package io.cospace.service.rest;

import java.util.Locale;

/**
 * The problem types of the HTTP API (RFC 9457, section 3.1.1). Each has a page at {@code
 * /problems/NAME}, which is also its type URI; names and statuses never change.
 */
enum ProblemType {
    INVALID_REQUEST(
            400,
            "Invalid request",
            "The request cannot be understood, or says something that is not allowed.",
            "Mend what the member errors lists: each entry has the JSON pointer of a value and what"
                    + " is wrong with it."),
    UNAUTHORIZED(
            401,
            "Unauthorized",
            "The call shows no API key, or one that is not known here or has expired.",
            "Send a key as Authorization: Bearer or as X-API-Key."),
    MODEL_UNKNOWN(
            404,
            "Unknown model",
            "No model of that name and version is served here.",
            "Leave model out, or take one that GET /info lists."),
    NOT_FOUND(404, "Not found", "Nothing is at that path.", "See /q/openapi for the paths."),
    METHOD_NOT_ALLOWED(
            405,
            "Method not allowed",
            "The path does not take that method.",
            "Take a method that the header Allow lists."),
    NOT_ACCEPTABLE(
            406,
            "Not acceptable",
            "The answer cannot be given in any form that the header Accept names.",
            "Accept application/json."),
    REQUEST_TIMEOUT(
            408,
            "Request timeout",
            "The body did not arrive in time.",
            "Send the body without pauses, or in smaller calls."),
    BODY_TOO_LARGE(
            413,
            "Body too large",
            "The body, or what it holds once decompressed, is larger than the limit.",
            "Split the call; GET /info says the limit."),
    TOO_MANY_INPUTS(
            413,
            "Too many inputs",
            "A list of the call holds more inputs than the limit.",
            "Split the call; GET /info says the limit."),
    IMAGE_TOO_LARGE(
            413,
            "Image too large",
            "An image has more bytes or more pixels than the limit. It was not decoded.",
            "Scale the image down; models read a few hundred pixels a side."),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "Unsupported media type",
            "The body is of a kind, or compressed in a way, that is not read here.",
            "Send JSON, multipart/form-data or an image; plain, or compressed with gzip."),
    IMAGE_UNREADABLE(
            422,
            "Image unreadable",
            "The bytes of an image are broken, or of no image format that is read.",
            "Send JPEG, PNG, WebP, GIF, BMP or TIFF."),
    TEXT_TOO_LONG(
            422,
            "Text too long",
            "A text has more tokens than the model reads, or more bytes than the limit.",
            "Shorten it, or say with long_text what shall happen."),
    TEXT_EMPTY(
            422,
            "Text empty",
            "A text holds nothing that a model could read.",
            "Leave the input out."),
    UNKNOWN_DIMENSION(
            422,
            "Unknown dimension",
            "The model's vectors cannot be cut to that length.",
            "Take one of the lengths that GET /info lists."),
    SPACE_MISMATCH(
            422,
            "Space mismatch",
            "The call's vectors are of another vector space than the model's. Vectors compare only"
                    + " within one space.",
            "Take the model that made the vectors, or make them anew."),
    URL_REFUSED(
            422,
            "URL refused",
            "The service does not fetch that URL.",
            "Send the image itself, as Base64, in a form or as the body."),
    URL_FAILED(
            422,
            "URL failed",
            "The image of a URL did not come, not in time, or is larger than is fetched.",
            "Look at what the URL gives, or send the image itself."),
    RATE_LIMITED(
            429,
            "Rate limited",
            "The API key has used up its items for now, or has too many calls at once.",
            "Try again after the seconds of the header Retry-After; the headers RateLimit and"
                    + " RateLimit-Policy say what is left and what the key may use."),
    INTERNAL_ERROR(
            500,
            "Internal error",
            "The service failed in a way that it does not know.",
            "Report it with the time of the call; the log holds the cause."),
    INFERENCE_FAILED(
            500,
            "Inference failed",
            "The model could not compute an item.",
            "Other items are not affected. Report it if the item is nothing special."),
    OVERLOADED(
            503,
            "Overloaded",
            "More work waits than can be done in time.",
            "Try again after the seconds of the header Retry-After."),
    DRAINING(
            503,
            "Draining",
            "This instance is shutting down.",
            "Try again; another instance will answer."),
    NOT_READY(
            503,
            "Not ready",
            "The model is still being opened.",
            "Try again after the seconds of the header Retry-After."),
    DEADLINE_EXCEEDED(
            504,
            "Deadline exceeded",
            "The answer was not ready in the time that the call had.",
            "Send less in a call, or give it more time with X-Request-Timeout-Ms.");

    private final int status;
    private final String title;
    private final String meaning;
    private final String remedy;

    ProblemType(int status, String title, String meaning, String remedy) {
        this.status = status;
        this.title = title;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** The name in the type URI. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The type URI, relative to the service. */
    String uri() {
        return "/problems/" + wireName();
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** What has happened, in a sentence or two. */
    String meaning() {
        return meaning;
    }

    /** What a caller can do. */
    String remedy() {
        return remedy;
    }
}
