package io.cospace.service.embedding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models that are served at this moment. Thread-safe. */
public interface Models {

    /**
     * The model that would answer a call, to look at. Who uses it needs a {@link #lease}.
     *
     * @param name {@code name} or {@code name/version}; null: the one that is served by default
     * @param space the vector space that the caller holds vectors of; null: any
     * @throws ProblemException when there is none yet, none of that name, or it has another space
     */
    Model find(@Nullable String name, @Nullable String space);

    /** As {@link #find}, with the right to use the model until the lease is closed. */
    Lease lease(@Nullable String name, @Nullable String space);

    /** All of them, the one that is served by default first; empty while none is ready. */
    List<Model> all();
}
