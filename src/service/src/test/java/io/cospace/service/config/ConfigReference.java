package io.cospace.service.config;

import java.io.IOException;
import java.util.List;

/** Writes the configuration down for those who run the service. */
final class ConfigReference {

    static final String BEGIN = "<!-- generated from ServiceConfig.java: begin -->\n";
    static final String END = "<!-- generated: end -->\n";

    private ConfigReference() {}

    /** The tables of {@code CONFIGURATION.md}. */
    static String markdown() throws IOException {
        StringBuilder text = new StringBuilder();
        for (ConfigKeys section : ConfigKeys.sections()) {
            text.append("\n## `").append(section.title()).append("`\n");
            text.append(section.meaning()).append("\n\n");
            text.append("| key | environment variable | unit | range | default | meaning |\n");
            text.append("|---|---|---|---|---|---|\n");
            for (ConfigKey key : section.keys()) {
                List<String> cells =
                        List.of(
                                "`" + key.name() + "`",
                                "`" + key.variable() + "`",
                                key.unit(),
                                key.allowed(),
                                key.fixedDefault()
                                        ? "`" + key.defaultValue() + "`"
                                        : key.defaultValue(),
                                key.meaning());
                text.append("| ").append(String.join(" | ", cells)).append(" |\n");
            }
        }
        return text.append('\n').toString();
    }

    /** The file that the ConfigMap of the manifests is made of: every key, none of them set. */
    static String environment() throws IOException {
        StringBuilder text =
                new StringBuilder(
                        """
                        # Every key of the service at its default, made from ServiceConfig.java; take the # away to set one.
                        # What they mean: src/service/CONFIGURATION.md. Overlays set theirs in a file of their own.
                        """);
        for (ConfigKeys section : ConfigKeys.sections()) {
            text.append("\n# ").append(section.title()).append(": ").append(section.meaning());
            text.append('\n');
            for (ConfigKey key : section.keys()) {
                text.append('#').append(key.variable()).append('=');
                text.append(key.fixedDefault() ? key.defaultValue() : "");
                text.append('\n');
            }
        }
        return text.toString();
    }
}
