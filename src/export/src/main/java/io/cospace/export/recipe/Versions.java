package io.cospace.export.recipe;

import io.cospace.export.ExportException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** Versions of what computes: libraries by the build's own list, and the Java runtime. */
final class Versions {
    private static final String LIST = "versions.properties";

    private Versions() {}

    static SortedMap<String, String> read() {
        Properties list = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IllegalStateException("This is a bug: the build left out " + LIST);
            }
            list.load(in);
        } catch (IOException e) {
            throw new ExportException("cannot read " + LIST + ": " + e.getMessage(), e);
        }
        SortedMap<String, String> versions = new TreeMap<>();
        list.stringPropertyNames().forEach(name -> versions.put(name, list.getProperty(name)));
        versions.put("java", Runtime.version().toString());
        versions.put("architecture", System.getProperty("os.arch"));
        return versions;
    }
}
