package dev.flannelx.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CStringsTest {
    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    /** What C finds there: so many strings, then a null. */
    private static List<String> strings(MemorySegment array, int count) {
        var found = new ArrayList<String>();
        for (int index = 0; index < count; index++) {
            MemorySegment string = array.getAtIndex(CLibrary.POINTER, index);
            found.add(string.reinterpret(Long.MAX_VALUE).getString(0));
        }
        assertThat(array.getAtIndex(CLibrary.POINTER, count)).isEqualTo(MemorySegment.NULL);
        return found;
    }

    @Test
    void endsWithANull() {
        assertThat(strings(CStrings.array(List.of(), MemorySegment.NULL, arena), 0))
                .isEmpty();
    }

    @Test
    void keepsEachStringApart() {
        List<String> strings = List.of("SUBNET=10.50.7.0/24", "", "NAME=\u00e9t\u00e9 \u6c34", "LAST=1");
        assertThat(strings(CStrings.array(strings, MemorySegment.NULL, arena), strings.size()))
                .isEqualTo(strings);
    }

    @Test
    void putsReadyOnesBehindItsOwn() {
        MemorySegment ready =
                CStrings.pointers(List.of(arena.allocateFrom("HOME=/root"), arena.allocateFrom("PATH=/bin")), arena);
        assertThat(strings(CStrings.array(List.of("SUBNET=10.50.7.0/24"), ready, arena), 3))
                .containsExactly("SUBNET=10.50.7.0/24", "HOME=/root", "PATH=/bin");
    }
}
