package io.cospace.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of a data set with its checksum.
 *
 * @param path where it lies
 * @param sha256 of its bytes, 64 hexadecimal digits; empty for a folder
 */
record DataFile(Path path, String sha256) {
    static List<DataFile> of(List<Path> paths) {
        return paths.stream().map(DataFile::of).toList();
    }

    /** The files of {@code models/pairs} for a bundle {@code models/name/version}; may be none. */
    static List<Path> besides(Path bundle) {
        Path models = bundle.toAbsolutePath().normalize().resolve("../..").normalize();
        Path folder = models.resolve("pairs");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tar")).sorted().toList();
        } catch (IOException e) {
            throw new EvaluationException(folder + ": cannot be listed: " + e.getMessage());
        }
    }

    static DataFile of(Path path) {
        if (!Files.isRegularFile(path)) {
            return new DataFile(path, "");
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return new DataFile(path, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new EvaluationException(path + ": cannot be read: " + e.getMessage());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this is a bug: every JDK has SHA-256", e);
        }
    }
}
