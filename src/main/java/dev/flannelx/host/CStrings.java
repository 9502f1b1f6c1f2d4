package dev.flannelx.host;

import static dev.flannelx.host.CLibrary.POINTER;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Arrays of C strings, as programs take their arguments and their environment. */
final class CStrings {
    private CStrings() {}

    /**
     * An array with a null at its end. It and its new strings are one piece of memory: a piece for each string takes
     * longer than to write them.
     *
     * @param ready pointers to strings that are there already, and live as long as the array is used
     */
    static MemorySegment array(List<String> strings, MemorySegment ready, Arena arena) {
        var encoded = new ArrayList<byte[]>(strings.size());
        long pointers = POINTER.byteSize() * (strings.size() + 1L) + ready.byteSize();
        long size = pointers;
        for (String string : strings) {
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            encoded.add(bytes);
            size += bytes.length + 1L;
        }
        MemorySegment array = arena.allocate(size, POINTER.byteAlignment());
        long index = 0;
        long end = pointers;
        for (byte[] bytes : encoded) {
            array.setAtIndex(POINTER, index++, array.asSlice(end));
            MemorySegment.copy(bytes, 0, array, ValueLayout.JAVA_BYTE, end, bytes.length);
            end += bytes.length + 1L;
        }
        MemorySegment.copy(ready, 0, array, POINTER.byteSize() * index, ready.byteSize());
        return array;
    }

    /** Pointers to strings, without a null at their end. */
    static MemorySegment pointers(Collection<MemorySegment> strings, Arena arena) {
        MemorySegment pointers = arena.allocate(POINTER, strings.size());
        long index = 0;
        for (MemorySegment string : strings) {
            pointers.setAtIndex(POINTER, index++, string);
        }
        return pointers;
    }
}
