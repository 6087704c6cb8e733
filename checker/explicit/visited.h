// The visited set: every state stored exactly, once, with a dense 32-bit number and the number of its parent.
//
// States lie in an append-only arena; an open-addressing table of 64-bit slots (32 bits of hash, number + 1) finds them,
// and linear probing goes by the stored hash before it looks at a state. Threads insert without locks: a row is written
// first and published by one compare-and-swap. Each thread draws numbers in small blocks, so a few numbers at the end of
// each thread's last block are never used; is_state() tells. With one thread numbers are in order of discovery.
// The table grows only between parallel phases, when the caller says so: `needs_growth` leaves room for `margin` inserts.
// Cost: 8 * words + 4 bytes a state and 11 to 21 bytes of table. Thread-safety: insert and find from many threads at
// once; grow, retire and everything else from one while no thread inserts.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "model/exec/layout.h"

namespace imspect::explore {

using exec::Word;
using StateId = std::uint32_t;
inline constexpr StateId kNoState = 0xffffffffU;

std::uint64_t hash_state(const Word* state, std::size_t words);

class VisitedSet {
public:
    /// Numbers that one thread has drawn and not used yet.
    struct Block {
        std::uint64_t next = 0;
        std::uint64_t end = 0;
    };
    struct Inserted {
        StateId id = kNoState;
        bool is_new = false;
    };

    VisitedSet(std::size_t words, std::size_t margin);
    ~VisitedSet();
    VisitedSet(const VisitedSet&) = delete;
    VisitedSet& operator=(const VisitedSet&) = delete;

    Inserted insert(const Word* state, std::uint64_t hash, StateId parent, Block& block);
    [[nodiscard]] StateId find(const Word* state, std::uint64_t hash) const;
    void prefetch(std::uint64_t hash) const { __builtin_prefetch(&table_[index_of(hash)]); }

    [[nodiscard]] const Word* state(StateId id) const;
    [[nodiscard]] StateId parent(StateId id) const;
    /// One more than the greatest number drawn.
    [[nodiscard]] std::uint64_t id_limit() const { return next_id_.load(std::memory_order_relaxed); }
    [[nodiscard]] bool is_state(StateId id) const;
    /// A thread is done: the rest of its block stays unused.
    void retire(const Block& block);

    [[nodiscard]] bool needs_growth() const { return id_limit() + margin_ > capacity_ / 4 * 3; }
    /// Neither numbers nor table can grow any more.
    [[nodiscard]] bool full() const { return log_capacity_ == 32 || id_limit() + margin_ >= kNoState; }
    [[nodiscard]] std::uint64_t growth_bytes() const { return capacity_ * 2 * sizeof(std::uint64_t); }
    void grow();
    /// Of arena and table.
    [[nodiscard]] std::uint64_t bytes() const;

private:
    static constexpr unsigned kChunkBits = 16;
    static constexpr std::uint64_t kChunk = std::uint64_t{1} << kChunkBits;
    static constexpr std::uint64_t kBlock = 256;

    struct Chunk {
        std::unique_ptr<Word[]> states;
        std::unique_ptr<StateId[]> parents;
    };

    [[nodiscard]] std::uint64_t index_of(std::uint64_t hash) const { return (hash >> 32) >> (32 - log_capacity_); }
    [[nodiscard]] bool same(StateId id, const Word* state) const;
    StateId draw(Block& block);
    void write(StateId id, const Word* state, StateId parent);
    void allocate_chunk(std::uint64_t chunk);

    std::size_t words_;
    std::uint64_t margin_;
    unsigned log_capacity_ = 12;
    std::uint64_t capacity_ = 0;
    std::unique_ptr<std::atomic<std::uint64_t>[]> table_;
    std::atomic<std::uint64_t> next_id_{0};
    std::vector<std::atomic<Chunk*>> chunks_;
    std::mutex chunk_mutex_;
    std::vector<Block> unused_;
};

}  // namespace imspect::explore
