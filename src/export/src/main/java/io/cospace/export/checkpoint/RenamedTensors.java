package io.cospace.export.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A source under other names. */
final class RenamedTensors implements ViewSource {
    /** What data-parallel training and compilation put before every name. */
    private static final Set<String> TRAINING_PREFIXES = Set.of("module.", "_orig_mod.");

    private final ViewSource source;
    private final Map<String, String> originals;

    /** The source is closed with this; {@code originals} leads from new names to its names. */
    private RenamedTensors(ViewSource source, Map<String, String> originals) {
        this.source = source;
        this.originals = originals;
    }

    /** Takes off what training put before every name, if it did. */
    static ViewSource withoutTrainingPrefix(ViewSource source) {
        for (String prefix : TRAINING_PREFIXES) {
            Set<String> names = source.names();
            if (!names.isEmpty() && names.stream().allMatch(name -> name.startsWith(prefix))) {
                Map<String, String> originals = new LinkedHashMap<>();
                names.forEach(name -> originals.put(name.substring(prefix.length()), name));
                return withoutTrainingPrefix(new RenamedTensors(source, originals));
            }
        }
        return source;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(originals.keySet());
    }

    @Override
    public TensorView view(String name) {
        String original = originals.get(name);
        if (original == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return source.view(original);
    }

    @Override
    public void close() {
        source.close();
    }
}
