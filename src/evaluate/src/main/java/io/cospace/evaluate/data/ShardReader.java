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
    private final Path file;
    private final TarReader tar;
    private final String source;
    private final List<String> classes;
    private final SkippedSamples skipped;
    private @Nullable SampleParts open;
    private @Nullable StoredImage stored;

    /** With the names of the classes where a sample has a label instead of captions. */
    ShardReader(Path file, List<String> classes, SkippedSamples skipped) {
        this.classes = classes;
        this.file = file;
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
                    stored = before.stored();
                    return pair;
                }
            }
        }
        SampleParts last = open;
        open = null;
        stored = last == null ? null : last.stored();
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
            int size = (int) member.size(); // within the limit, far below 2 GiB
            sample.add(
                    name.extension(), tar.content(), new StoredImage(file, member.offset(), size));
        }
    }

    @Override
    @Nullable StoredImage lastRead() {
        return stored;
    }

    @Override
    public void close() {
        tar.close();
    }
}
