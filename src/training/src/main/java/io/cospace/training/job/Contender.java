package io.cospace.training.job;

import java.util.List;

/**
 * A row of the comparison: a recipe, or ProCLIP with one part changed (recipes.md section 6).
 *
 * @param name short, of letters, digits and hyphens
 * @param about what it is, in the table
 * @param changes of the configuration, {@code key=value}
 */
record Contender(String name, String about, List<String> changes) {
    private static final String PROCLIP = "recipe=proclip";

    /** Weights 1: what default-model.md section 5 found best for one path on drawings. */
    private static final List<String> KEPT =
            List.of(PROCLIP, "align.instance=1", "align.structure=1", "align.replay=1");

    /** A random head or adapter starts far away: the rate that section 5's direct rows had. */
    private static final String DIRECT = "align.learning_rate=0.001";

    static final List<Contender> ALL =
            List.of(
                    new Contender(
                            "clip",
                            "CLIP: linear maps on both sides, from random",
                            List.of("recipe=clip", DIRECT)),
                    new Contender(
                            "lift",
                            "LIFT: text vectors as they are, a linear image head",
                            List.of("recipe=lift", DIRECT)),
                    new Contender(
                            "llm2clip",
                            "LLM2CLIP: random adapter and image head",
                            List.of("recipe=llm2clip", DIRECT)),
                    new Contender("proclip", "ProCLIP: two stages, fixed teacher", KEPT),
                    new Contender(
                            "two-path",
                            "two paths, as the bundled model",
                            List.of("recipe=two-path")),
                    changed("stage-1-only", "stage 1 only", "align.steps=0"),
                    changed("no-stage-1", "no stage 1", "inherit.steps=0", "align.replay=0"),
                    changed("no-replay", "stage 1 not replayed in stage 2", "align.replay=0"),
                    changed("teacher-ema", "teacher follows (EMA .99)", "align.teacher=ema"),
                    changed("teacher-none", "no image teacher", "align.teacher=none"),
                    changed(
                            "no-instance",
                            "no instance loss in either stage",
                            "inherit.instance=0",
                            "align.instance=0"),
                    changed(
                            "no-structure",
                            "no structure loss in either stage",
                            "inherit.structure=0",
                            "align.structure=0"),
                    changed(
                            "structure-squared",
                            "structure as published (squared), stage 1 and replay",
                            "inherit.structure_form=squared"),
                    changed("image-frozen", "image side frozen", "align.image=frozen"));

    Contender {
        changes = List.copyOf(changes);
    }

    private static Contender changed(String name, String about, String... changes) {
        List<String> all = new java.util.ArrayList<>(KEPT);
        all.add("align.ema=0.99");
        all.addAll(List.of(changes));
        return new Contender(name, "ProCLIP, " + about, all);
    }

    /**
     * Those of some names, in the order of the table.
     *
     * @throws JobException for a name that is none
     */
    static List<Contender> named(List<String> names) {
        List<String> known = ALL.stream().map(Contender::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new JobException("no contender '" + name + "'; known: " + known);
            }
        }
        return names.isEmpty()
                ? ALL
                : ALL.stream().filter(contender -> names.contains(contender.name())).toList();
    }
}
