package io.cospace.evaluate.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is asked of a service: requests of one or more inputs, sent one after the other and again
 * from the first. The file has one request a line, a JSON array; a string is a text, or an image
 * when it ends like an image file and that file exists beside the workload; {@code {"text": ...}}
 * and {@code {"image": "path"}} say which.
 *
 * @param name the file's name without its end
 * @param requests at least one, each with at least one input
 */
public record Workload(String name, List<List<Item>> requests) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final int MOST_MIXED = 100_000;
    private static final Pattern IMAGE =
            Pattern.compile(".*\\.(jpe?g|png|webp|gif|bmp|tiff?)", Pattern.CASE_INSENSITIVE);

    /** Copies the lists. */
    public Workload {
        requests = requests.stream().map(List::copyOf).toList();
        if (requests.isEmpty() || requests.stream().anyMatch(List::isEmpty)) {
            throw new BenchException("workload " + name + " has no request or one without inputs");
        }
    }

    /**
     * Reads a workload with its image files.
     *
     * @throws BenchException naming the line that is wrong
     */
    public static Workload read(Path file) {
        List<List<Item>> requests = new ArrayList<>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()) {
                    requests.add(items(file, JSON.readTree(line)));
                }
            }
        } catch (JsonProcessingException e) {
            throw new BenchException(file + ": line " + number + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BenchException(file + ": cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            throw new BenchException(file + ": line " + number + ": " + e.getMessage());
        }
        String name = String.valueOf(file.getFileName());
        return new Workload(name.replaceFirst("\\.jsonl$", ""), requests);
    }

    private static List<Item> items(Path file, JsonNode line) throws IOException {
        if (!line.isArray() || line.isEmpty()) {
            throw new IllegalArgumentException("a request is a JSON array with inputs");
        }
        List<Item> items = new ArrayList<>();
        for (JsonNode input : line) {
            items.add(item(file, input));
        }
        return items;
    }

    private static Item item(Path file, JsonNode input) throws IOException {
        if (input.isTextual()) {
            String text = input.textValue();
            boolean image =
                    IMAGE.matcher(text).matches() && Files.isRegularFile(file.resolveSibling(text));
            return image
                    ? new Item.Image(Files.readAllBytes(file.resolveSibling(text)))
                    : new Item.Text(text);
        }
        if (input.size() == 1 && input.path("text").isTextual()) {
            return new Item.Text(input.get("text").textValue());
        }
        if (input.size() == 1 && input.path("image").isTextual()) {
            Path image = file.resolveSibling(input.get("image").textValue());
            return new Item.Image(Files.readAllBytes(image));
        }
        throw new IllegalArgumentException(
                "an input is a string, {\"text\": ...} or {\"image\": ...}");
    }

    /** A part of a mixed workload: as many of all requests as its share of the sum. */
    public record Part(Workload workload, double share) {
        /** Checks the share. */
        public Part {
            if (!(share > 0 && share < 1e6)) {
                throw new BenchException(
                        "share of workload %s is %s; must be above 0, below 1e6"
                                .formatted(workload.name(), share));
            }
        }
    }

    /**
     * Requests of several workloads, spread evenly by their shares (the one that is furthest behind
     * its share is next), until each was sent whole.
     *
     * @param parts at least one; one alone is left as it is
     */
    public static Workload mixed(List<Part> parts) {
        if (parts.size() == 1) {
            return parts.getFirst().workload();
        }
        double all = parts.stream().mapToDouble(Part::share).sum();
        double length =
                parts.stream()
                        .mapToDouble(
                                p -> Math.ceil(p.workload().requests().size() * all / p.share()))
                        .max()
                        .orElseThrow();
        if (length > MOST_MIXED) {
            throw new BenchException(
                    "the shares need a mix of %.0f requests; at most %d"
                            .formatted(length, MOST_MIXED));
        }
        int[] taken = new int[parts.size()];
        List<List<Item>> requests = new ArrayList<>();
        while (requests.size() < length) {
            int behind = 0;
            for (int i = 1; i < taken.length; i++) {
                if ((taken[i] + 1) / parts.get(i).share()
                        < (taken[behind] + 1) / parts.get(behind).share()) {
                    behind = i;
                }
            }
            List<List<Item>> own = parts.get(behind).workload().requests();
            requests.add(own.get(taken[behind]++ % own.size()));
        }
        String name =
                parts.stream()
                        .map(p -> "%s x %s".formatted(p.workload().name(), number(p.share())))
                        .collect(Collectors.joining(" + "));
        return new Workload(name, requests);
    }

    private static String number(double share) {
        return share == Math.rint(share) ? String.valueOf((long) share) : String.valueOf(share);
    }

    /** The same inputs in requests of so many; the last request may have fewer. */
    public Workload inBatchesOf(int size) {
        if (size < 1) {
            throw new BenchException("batch is " + size + "; must be 1 or more");
        }
        List<Item> all = items();
        List<List<Item>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += size) {
            batches.add(all.subList(from, Math.min(all.size(), from + size)));
        }
        return new Workload(name + " by " + size, batches);
    }

    /** All inputs of all requests, in order. */
    List<Item> items() {
        return requests.stream().flatMap(List::stream).toList();
    }
}
