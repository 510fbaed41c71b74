package io.cospace.training.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cospace.evaluate.Figures;
import io.cospace.evaluate.metrics.RetrievalScores.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a contender reached with a seed: the ranks of all queries, so that intervals can be drawn
 * over queries and seeds.
 *
 * @param changes that were in effect, by which a kept trial is told from one of other settings
 */
record Trial(String contender, long seed, List<String> changes, List<Ranking> rankings) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * One table of ranks.
     *
     * @param language of the captions
     * @param toText whether images look for texts
     * @param ranks of each query's best partner, from 1
     * @param clusters of queries that depend on each other
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Ranking(String group, String language, boolean toText, int[] ranks, int[] clusters) {
        private static Ranking of(Figures from, boolean toText, Direction direction) {
            return new Ranking(
                    from.group(),
                    from.language(),
                    toText,
                    direction.ranks().values(),
                    direction.clusters());
        }

        /** By query 1 where its partner is among the first k. */
        double[] hits(int k) {
            double[] hits = new double[ranks.length];
            for (int i = 0; i < hits.length; i++) {
                hits[i] = ranks[i] <= k ? 1 : 0;
            }
            return hits;
        }
    }

    static Trial of(String contender, long seed, List<String> changes, List<Figures> figures) {
        List<Ranking> rankings = new ArrayList<>();
        for (Figures of : figures) {
            rankings.add(Ranking.of(of, true, of.scores().imageToText()));
            rankings.add(Ranking.of(of, false, of.scores().textToImage()));
        }
        return new Trial(contender, seed, changes, rankings);
    }

    /** Written whole under its name, or not at all. */
    void write(Path file) {
        try {
            Path part = file.resolveSibling("." + file.getFileName() + ".part");
            Files.write(part, JSON.writeValueAsBytes(this));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new JobException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }

    static Trial read(Path file) {
        try {
            return JSON.readValue(Files.readAllBytes(file), Trial.class);
        } catch (JsonProcessingException e) {
            throw new JobException(file + ": is no trial; delete it", e);
        } catch (IOException e) {
            throw new JobException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
