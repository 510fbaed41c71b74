package io.cospace.service.embedding;

/**
 * A version that is open, for the operator.
 *
 * @param role what it is to its name
 * @param calls calls that use it now
 */
public record ModelStatus(Model model, Role role, int calls) {

    /** What a version is to its name. */
    public enum Role {
        /** The name alone means it. */
        DEFAULT,
        /** It was the default, and can be again at once. */
        PREVIOUS,
        /** It is there for those who name its version. */
        BESIDE,
        /** Nobody can ask for it any more; it is closed when its last call has ended. */
        RETIRED
    }
}
