import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Takes the table of symbols for debuggers off a native library (ELF, 64 bits): all that lies
 * behind the segments which are loaded. What it exports stays. The image that builds ours need
 * have no binutils.
 */
final class Strip {

    private static final int ELF64_LITTLE_ENDIAN = 0x0102;
    private static final int LOAD = 1;
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_BYTES = 56;

    private Strip() {}

    /** Leaves files of another kind as they are. */
    static void strip(Path library) throws IOException {
        byte[] bytes = Files.readAllBytes(library);
        ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER_BYTES
                || elf.getInt(0) != 0x464c457f
                || elf.getShort(4) != ELF64_LITTLE_ENDIAN) {
            return;
        }
        long segments = elf.getLong(0x20);
        int count = elf.getShort(0x38);
        long end = segments + (long) count * SEGMENT_BYTES;
        for (int i = 0; i < count; i++) {
            int segment = Math.toIntExact(segments + (long) i * SEGMENT_BYTES);
            if (elf.getInt(segment) == LOAD) {
                end = Math.max(end, elf.getLong(segment + 8) + elf.getLong(segment + 32));
            }
        }
        // The table of sections, which only tools read, lies behind the segments too.
        elf.putLong(0x28, 0).putShort(0x3c, (short) 0).putShort(0x3e, (short) 0);
        try (FileChannel file = FileChannel.open(library, StandardOpenOption.WRITE)) {
            file.truncate(end);
            file.write(elf.slice(0, HEADER_BYTES), 0);
        }
        System.out.printf("%s: %,d bytes instead of %,d%n", library.getFileName(), end, bytes.length);
    }
}
