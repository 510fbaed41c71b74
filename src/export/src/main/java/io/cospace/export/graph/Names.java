package io.cospace.export.graph;

import io.cospace.export.checkpoint.TensorInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The translation of one part's names, in all spellings that checkpoints have for it, to the names
 * that its network uses. For each name the first rule that matches it whole counts; names that no
 * rule matches belong to other parts. Immutable.
 */
final class Names {
    private final List<Rule> rules;

    /**
     * What becomes of the names that match.
     *
     * @param targets new names of as many equal groups of rows, with the pattern's groups as $1,
     *     $2; none if the tensor is not needed
     * @param reason why it is not needed
     */
    private record Rule(Pattern pattern, List<String> targets, String reason) {}

    private Names(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    static Names none() {
        return new Names(List.of());
    }

    /** With a rule that renames. */
    Names rename(String pattern, String target) {
        return with(new Rule(Pattern.compile(pattern), List.of(target), ""));
    }

    /** With a rule that takes a packed tensor apart, from its first row on. */
    Names split(String pattern, String... targets) {
        return with(new Rule(Pattern.compile(pattern), List.of(targets), ""));
    }

    /** With a rule for tensors that belong to the part but are not needed. */
    Names ignore(String pattern, String reason) {
        return with(new Rule(Pattern.compile(pattern), List.of(), reason));
    }

    private Names with(Rule rule) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(rule);
        return new Names(more);
    }

    /** The names that are translated. */
    Set<String> used(Set<String> names) {
        Set<String> used = new LinkedHashSet<>();
        for (String name : names) {
            if (rule(name).filter(rule -> !rule.targets().isEmpty()).isPresent()) {
                used.add(name);
            }
        }
        return used;
    }

    /** The names that belong to the part and are not needed, with the reason. */
    Map<String, String> ignored(Set<String> names) {
        Map<String, String> ignored = new LinkedHashMap<>();
        for (String name : names) {
            rule(name)
                    .filter(rule -> rule.targets().isEmpty())
                    .ifPresent(rule -> ignored.put(name, rule.reason()));
        }
        return ignored;
    }

    /**
     * The tensors under their new names.
     *
     * @throws IllegalArgumentException if two tensors come to the same name
     */
    Weights apply(Weights weights) {
        Map<String, Slice> slices = new LinkedHashMap<>();
        for (String name : weights.names()) {
            Optional<Rule> rule = rule(name);
            if (rule.isPresent()) {
                List<String> targets = rule.get().targets();
                Slice slice = weights.slice(name);
                for (int i = 0; i < targets.size(); i++) {
                    String target = target(rule.get(), name, i);
                    if (slices.put(target, part(slice, i, targets.size())) != null) {
                        throw new IllegalArgumentException(
                                "%s and another tensor both are %s".formatted(name, target));
                    }
                }
            }
        }
        return Weights.of(slices);
    }

    /** Type and shape of each tensor under its new name; packed ones are taken apart. */
    Map<String, TensorInfo> infos(Map<String, TensorInfo> tensors) {
        Map<String, TensorInfo> infos = new LinkedHashMap<>();
        tensors.forEach((name, info) ->
                rule(name)
                        .ifPresent(rule -> {
                            List<String> targets = rule.targets();
                            for (int i = 0; i < targets.size(); i++) {
                                infos.put(target(rule, name, i), part(info, targets.size()));
                            }
                        }));
        return infos;
    }

    private static TensorInfo part(TensorInfo info, int parts) {
        if (parts == 1 || info.rank() == 0) {
            return info;
        }
        long[] shape = info.shape().clone();
        shape[0] /= parts;
        return new TensorInfo(info.type(), shape);
    }

    private static Slice part(Slice slice, int i, int parts) {
        if (parts == 1) {
            return slice;
        }
        long rows = slice.info().size(0) / parts;
        if (rows * parts != slice.info().size(0)) {
            throw new IllegalArgumentException(
                    "%s %s does not split into %d".formatted(slice.stored(), slice.info(), parts));
        }
        return slice.rows(i * rows, rows);
    }

    private static String target(Rule rule, String name, int i) {
        Matcher matcher = rule.pattern().matcher(name);
        return matcher.replaceFirst(rule.targets().get(i));
    }

    private Optional<Rule> rule(String name) {
        return rules.stream().filter(rule -> rule.pattern().matcher(name).matches()).findFirst();
    }
}
