package io.cospace.evaluate;

import io.cospace.evaluate.bench.Item;
import io.cospace.evaluate.bench.Workload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Inputs that are at hand without any file. */
final class Specimens {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    private static final int BMP_HEADER = 54;

    private static final List<String> SHORT =
            List.of(
                    "a red bicycle by the sea",
                    "eine Katze auf dem Sofa",
                    "una taza de café caliente",
                    "un camion dans la neige",
                    "山の上の古いお寺",
                    "قارب صغير في البحر",
                    "старый мост через реку",
                    "a plate of noodles");

    private static final List<String> MIXED =
            List.of(
                    "All human beings are born free and equal in dignity and rights. They are"
                            + " endowed with reason and conscience and should act towards one"
                            + " another in a spirit of brotherhood, wherever they live and"
                            + " whatever language they speak with each other.",
                    "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit"
                            + " Vernunft und Gewissen begabt und sollen einander im Geist der"
                            + " Brüderlichkeit begegnen.",
                    "Todos los seres humanos nacen libres e iguales en dignidad y derechos y,"
                            + " dotados como están de razón y conciencia, deben comportarse"
                            + " fraternalmente los unos con los otros.");

    private Specimens() {}

    static List<String> texts() {
        return SHORT;
    }

    /** By what they hold. */
    static Map<String, Workload> workloads() {
        Map<String, Workload> workloads = new LinkedHashMap<>();
        workloads.put("short texts", texts("short", SHORT));
        workloads.put("mixed texts", texts("mixed", MIXED));
        List<Item> images = List.of(new Item.Image(image()));
        workloads.put("images (BMP 640 x 480)", new Workload("images", List.of(images)));
        return workloads;
    }

    private static Workload texts(String name, List<String> texts) {
        List<List<Item>> requests =
                texts.stream().map(text -> List.<Item>of(new Item.Text(text))).toList();
        return new Workload(name, requests);
    }

    /** An uncompressed BMP with discs and a gradient: no library is needed to write it. */
    static byte[] image() {
        ByteBuffer bmp =
                ByteBuffer.allocate(BMP_HEADER + 3 * WIDTH * HEIGHT).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B').put((byte) 'M').putInt(bmp.capacity()).putInt(0).putInt(BMP_HEADER);
        bmp.putInt(40).putInt(WIDTH).putInt(HEIGHT).putShort((short) 1).putShort((short) 24);
        bmp.putInt(0).putInt(3 * WIDTH * HEIGHT).putInt(2835).putInt(2835).putInt(0).putInt(0);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int disc = Math.floorMod(x, 160) - 80;
                boolean inside = disc * disc + (y - 240) * (y - 240) < 60 * 60;
                bmp.put((byte) (inside ? 40 : y / 2));
                bmp.put((byte) (inside ? 60 : x / 3));
                bmp.put((byte) (inside ? 220 : 160));
            }
        }
        return bmp.array();
    }
}
