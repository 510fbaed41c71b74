package io.cospace.encoder.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.cospace.encoder.text.unigram.Tokens;
import java.util.stream.Collectors;

/** Says whether two tokenizers make the same of a text: ids, places and spelling. */
final class Same {

    private Same() {}

    static void check(Engine own, Engine library, String text) {
        Tokens tokens = own.encode(text);
        Tokens expected = library.encode(text);
        String name =
                "U+"
                        + text.codePoints()
                                .limit(200)
                                .mapToObj(Integer::toHexString)
                                .collect(Collectors.joining(" "));
        assertThat(tokens.ids()).as("ids of %s", name).isEqualTo(expected.ids());
        assertThat(tokens.starts()).as("starts in %s", name).isEqualTo(expected.starts());
        assertThat(tokens.ends()).as("ends in %s", name).isEqualTo(expected.ends());
        assertThat(own.spell(text)).as("spelling of %s", name).isEqualTo(library.spell(text));
    }
}
