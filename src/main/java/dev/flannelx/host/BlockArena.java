package dev.flannelx.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An arena of one thread whose first pieces are cut from one block: that takes less time than to allocate each. */
final class BlockArena implements Arena {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment block;
    private long used;

    /** An arena with a block of so many bytes; what does not fit in gets memory of its own. */
    BlockArena(long bytes) {
        block = arena.allocate(bytes, Long.BYTES);
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
        long start = used + (-used & byteAlignment - 1);
        if (start + byteSize > block.byteSize() || byteAlignment > Long.BYTES) {
            return arena.allocate(byteSize, byteAlignment);
        }
        used = start + byteSize;
        return block.asSlice(start, byteSize);
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
    }
}
