package io.cospace.service.embedding;

import io.cospace.service.embedding.ModelStatus.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which models are served at one moment, and what a name means. Immutable.
 *
 * @param entries the one that calls get which name nothing first, then the newest first
 * @param defaults id of the default version, by name
 * @param previous id of the version that was the default before, by name: kept for a roll-back
 */
record Roster(List<Entry> entries, Map<String, String> defaults, Map<String, String> previous) {

    static final Roster EMPTY = new Roster(List.of(), Map.of(), Map.of());

    /** A model and who uses it. */
    record Entry(Model model, Leases leases) {

        boolean is(Entry other) {
            return model.id().equals(other.model.id());
        }
    }

    /** What a served model is to its name. */
    Role role(Model model) {
        String name = model.manifest().name();
        if (model.id().equals(defaults.get(name))) {
            return Role.DEFAULT;
        }
        return model.id().equals(previous.get(name)) ? Role.PREVIOUS : Role.BESIDE;
    }

    /** The one that calls get which name nothing. */
    Optional<Entry> first() {
        return entries.stream().findFirst();
    }

    /** A version by its id, or the default version by its name. */
    Optional<Entry> find(String asked) {
        String id = defaults.getOrDefault(asked, asked);
        return entries.stream().filter(entry -> entry.model().id().equals(id)).findFirst();
    }

    Roster with(Model model) {
        List<Entry> more = new ArrayList<>(entries);
        more.add(Math.min(1, entries.size()), new Entry(model, new Leases()));
        return new Roster(List.copyOf(more), defaults, previous);
    }

    /** With a version of it as the default of its name; it must be there. */
    Roster withDefault(String id) {
        String name = find(id).orElseThrow().model().manifest().name();
        String old = defaults.get(name);
        if (id.equals(old)) {
            return this;
        }
        Map<String, String> now = with(defaults, name, id);
        Roster changed =
                new Roster(entries, now, old == null ? previous : with(previous, name, old));
        boolean leads = first().map(entry -> entry.model().id().equals(old)).orElse(true);
        return leads ? changed.withFirst(name) : changed;
    }

    /** With the default of a name for calls that name nothing; it must be there. */
    Roster withFirst(String name) {
        Entry first = find(name).orElseThrow();
        List<Entry> order = new ArrayList<>(entries);
        order.remove(first);
        order.addFirst(first);
        return new Roster(List.copyOf(order), defaults, previous);
    }

    Roster without(Entry gone) {
        String name = gone.model().manifest().name();
        String id = gone.model().id();
        List<Entry> rest = entries.stream().filter(entry -> !entry.is(gone)).toList();
        return new Roster(rest, without(defaults, name, id), without(previous, name, id));
    }

    /**
     * The versions that were kept for a roll-back and are not any more: another has become the
     * previous one since. Only where a default has moved; those beside stay.
     */
    List<Entry> spare(Roster before) {
        return entries.stream()
                .filter(entry ->
                        before.role(entry.model()) == Role.PREVIOUS
                                && role(entry.model()) == Role.BESIDE)
                .toList();
    }

    /** Why a version cannot be taken away; empty: it can. */
    Optional<String> conflict(Entry entry) {
        String id = entry.model().id();
        String name = entry.model().manifest().name();
        if (entry.is(entries.getFirst())) {
            return Optional.of(id + " is what calls get that name no model; move that first");
        }
        boolean hasOthers =
                entries.stream()
                        .anyMatch(other ->
                                !other.is(entry) && other.model().manifest().name().equals(name));
        return role(entry.model()) == Role.DEFAULT && hasOthers
                ? Optional.of("%s is the default of %s; move that first".formatted(id, name))
                : Optional.empty();
    }

    private static Map<String, String> with(Map<String, String> map, String key, String value) {
        Map<String, String> more = new HashMap<>(map);
        more.put(key, value);
        return Map.copyOf(more);
    }

    private static Map<String, String> without(Map<String, String> map, String key, String value) {
        Map<String, String> less = new HashMap<>(map);
        boolean _ = less.remove(key, value);
        return Map.copyOf(less);
    }
}
