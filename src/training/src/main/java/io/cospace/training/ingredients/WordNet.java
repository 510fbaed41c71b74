package io.cospace.training.ingredients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The nouns of WordNet 3.0 by their place in {@code data.noun} (format: {@code wndb(5)}), and what
 * they say about an image classifier's classes: the meanings above them, and those near by.
 */
final class WordNet {
    /** A meaning above more classes says too little about each. */
    private static final int MOST_BELOW = 150;

    /** The same for a meaning that only stands near them. */
    private static final int MOST_NEAR = 30;

    private static final int FIRST_WORD = 4;

    private final Map<String, Meaning> meanings;

    /**
     * A noun's meaning.
     *
     * @param lemmas its words
     * @param gloss the definition, without examples
     * @param above places of the meanings that it is a kind or an instance of
     */
    record Meaning(List<String> lemmas, String gloss, List<String> above) {}

    /**
     * A meaning with a place among the classes.
     *
     * @param classes numbers of those whose mean it stands at
     * @param distance steps to the meaning above classes; none when it is above them itself
     */
    record Placed(Meaning meaning, List<Integer> classes, Optional<Integer> distance) {}

    private WordNet(Map<String, Meaning> meanings) {
        this.meanings = meanings;
    }

    /** Reads {@code data.noun}. */
    static WordNet read(Path file) throws IOException {
        Map<String, Meaning> meanings = new TreeMap<>();
        try (Stream<String> lines = Files.lines(file, ISO_8859_1)) {
            lines.filter(line -> !line.startsWith(" "))
                    .forEach(line ->
                            meanings.put(line.substring(0, line.indexOf(' ')), meaning(line)));
        }
        return new WordNet(meanings);
    }

    private static Meaning meaning(String line) {
        int bar = line.indexOf('|');
        String[] fields = line.substring(0, bar).split(" ", -1);
        int words = Integer.parseInt(fields[FIRST_WORD - 1], 16);
        List<String> lemmas = new ArrayList<>();
        for (int i = 0; i < words; i++) {
            lemmas.add(fields[FIRST_WORD + 2 * i].replace('_', ' '));
        }
        int pointers = FIRST_WORD + 2 * words;
        List<String> above = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(fields[pointers]); i++) {
            String kind = fields[pointers + 1 + 4 * i];
            if (kind.equals("@") || kind.equals("@i")) {
                above.add(fields[pointers + 2 + 4 * i]);
            }
        }
        String gloss = line.substring(bar + 1);
        int example = gloss.indexOf("; \"");
        return new Meaning(
                List.copyOf(lemmas),
                (example < 0 ? gloss : gloss.substring(0, example)).strip(),
                List.copyOf(above));
    }

    /** The meaning at a place, an eight-digit number. */
    Meaning at(String place) {
        Meaning meaning = meanings.get(place);
        if (meaning == null) {
            throw new IllegalArgumentException("no noun at " + place + ": is this WordNet 3.0?");
        }
        return meaning;
    }

    /** The meanings above the classes, nearest first, class by class. */
    List<Placed> above(List<String> classes) {
        return below(classes).entrySet().stream()
                .filter(e -> e.getValue().size() <= MOST_BELOW)
                .map(e -> new Placed(at(e.getKey()), e.getValue(), Optional.empty()))
                .toList();
    }

    /**
     * Other meanings, one or two steps below a class or a meaning above few of them; with several
     * such, they stand at the one above the fewest.
     */
    List<Placed> near(List<String> classes) {
        Map<String, List<Integer>> below = below(classes);
        Map<String, List<Integer>> bases = new LinkedHashMap<>();
        below.forEach((place, numbers) -> {
            if (numbers.size() <= MOST_NEAR) {
                bases.put(place, numbers);
            }
        });
        for (int i = 0; i < classes.size(); i++) {
            bases.putIfAbsent(classes.get(i), List.of(i));
        }
        Set<String> known = new LinkedHashSet<>(classes);
        below.forEach((place, numbers) -> {
            if (numbers.size() <= MOST_BELOW) {
                known.add(place);
            }
        });
        List<Placed> near = new ArrayList<>();
        meanings.forEach((place, meaning) -> {
            if (!known.contains(place)) {
                near(meaning, bases).ifPresent(near::add);
            }
        });
        return near;
    }

    private Optional<Placed> near(Meaning meaning, Map<String, List<Integer>> bases) {
        List<String> places = meaning.above();
        for (int distance = 1; distance <= 2; distance++) {
            int steps = distance;
            Optional<Placed> placed =
                    places.stream()
                            .filter(bases::containsKey)
                            .map(bases::get)
                            .min(Comparator.comparingInt(List::size))
                            .map(numbers -> new Placed(meaning, numbers, Optional.of(steps)));
            if (placed.isPresent()) {
                return placed;
            }
            places = places.stream().flatMap(place -> at(place).above().stream()).toList();
        }
        return Optional.empty();
    }

    /** For each meaning above a class: the numbers of all classes below it, ascending. */
    private Map<String, List<Integer>> below(List<String> classes) {
        Map<String, List<Integer>> below = new LinkedHashMap<>();
        for (int i = 0; i < classes.size(); i++) {
            Set<String> above = new LinkedHashSet<>();
            List<String> places = at(classes.get(i)).above();
            while (!places.isEmpty()) {
                places =
                        places.stream()
                                .filter(above::add)
                                .flatMap(place -> at(place).above().stream())
                                .toList();
            }
            for (String place : above) {
                below.computeIfAbsent(place, p -> new ArrayList<>()).add(i);
            }
        }
        return below;
    }
}
