package io.cospace.evaluate;

import io.cospace.evaluate.data.Caption;
import io.cospace.evaluate.data.EmojiNames;
import io.cospace.evaluate.data.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Adds to each pair that shows an emoji its names in all languages as captions. */
final class EmojiCaptions implements UnaryOperator<Pair> {
    private final Map<String, EmojiNames.Emoji> table;

    EmojiCaptions(Map<String, EmojiNames.Emoji> table) {
        this.table = table;
    }

    @Override
    public Pair apply(Pair pair) {
        EmojiNames.Emoji emoji = pair.text("emoji").map(table::get).orElse(null);
        if (emoji == null) {
            return pair;
        }
        List<Caption> captions = new ArrayList<>(pair.captions());
        new TreeMap<>(emoji.names())
                .forEach((language, name) -> {
                    if (!name.isBlank()) {
                        captions.add(new Caption(name, language));
                    }
                });
        return new Pair(
                pair.key(), pair.image(), captions.stream().distinct().toList(), pair.metadata());
    }
}
