package io.cospace.evaluate.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A WebDataset shard: members of a tar archive that follow each other with the same key are one
 * sample.
 */
final class ShardReader extends AbstractPairReader {
    private final TarReader tar;
    private final String source;
    private final List<String> classes;
    private final SkippedSamples skipped;
    private @Nullable SampleParts open;

    /** With the names of the classes where a sample has a label instead of captions. */
    ShardReader(Path file, List<String> classes, SkippedSamples skipped) {
        this.classes = classes;
        this.tar = new TarReader(file);
        this.source = file.toString();
        this.skipped = skipped;
    }

    @Override
    @Nullable Pair read() {
        TarReader.Member member;
        while ((member = tar.next()) != null) {
            SampleParts.Name name = SampleParts.Name.of(member.name());
            SampleParts before = open;
            if (before == null || !before.key().equals(name.key())) {
                open = new SampleParts(name.key(), classes);
            }
            take(member, name, Objects.requireNonNull(open));
            if (before != null && before != open) {
                Pair pair = before.pair(source, skipped);
                if (pair != null) {
                    return pair;
                }
            }
        }
        SampleParts last = open;
        open = null;
        return last == null ? null : last.pair(source, skipped);
    }

    private void take(TarReader.Member member, SampleParts.Name name, SampleParts sample) {
        if (!name.isUsed()) {
            return;
        }
        if (member.size() > name.limit()) {
            sample.reject(
                    "member ."
                            + name.extension()
                            + " has "
                            + member.size()
                            + " bytes; limit "
                            + name.limit());
        } else {
            sample.add(name.extension(), tar.content());
        }
    }

    @Override
    public void close() {
        tar.close();
    }
}
