package io.cospace.service.embedding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the service says of itself beside its models, the same on every transport.
 *
 * @param version of the service
 * @param limits by their public names, in the order in which they are told
 */
public record ServiceInfo(String version, Map<String, Long> limits) {

    public ServiceInfo {
        limits = Collections.unmodifiableMap(new LinkedHashMap<>(limits));
    }

    /** Of the Java that runs it. */
    public String java() {
        return Runtime.version().toString();
    }
}
