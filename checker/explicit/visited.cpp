#include "checker/explicit/visited.h"

#include <algorithm>

#include "model/result.h"

namespace imspect::explore {

namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t fold(std::uint64_t left, std::uint64_t right) {
    const Wide product = static_cast<Wide>(left) * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t hash_state(const Word* state, std::size_t words) {
    std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
    for (std::size_t i = 0; i < words; ++i) hash = fold(hash ^ state[i], 0xa0761d6478bd642fULL) + i;
    return fold(hash ^ 0xe7037ed1a0b428dbULL, 0x8ebc6af09c88c6e3ULL);
}

VisitedSet::VisitedSet(std::size_t words, std::size_t margin)
    : words_(words), margin_(margin + kBlock), chunks_((std::uint64_t{1} << 32) / kChunk) {
    while ((std::uint64_t{1} << log_capacity_) / 2 < margin_ * 2) ++log_capacity_;
    capacity_ = std::uint64_t{1} << log_capacity_;
    table_.reset(new std::atomic<std::uint64_t>[capacity_]());
}

VisitedSet::~VisitedSet() {
    for (auto& chunk : chunks_) {
        Chunk* const owned = chunk.load(std::memory_order_relaxed);
        if (owned == nullptr) break;
        delete owned;
    }
}

const Word* VisitedSet::state(StateId id) const {
    const Chunk* const chunk = chunks_[id >> kChunkBits].load(std::memory_order_acquire);
    return chunk->states.get() + (id & (kChunk - 1)) * words_;
}

StateId VisitedSet::parent(StateId id) const {
    return chunks_[id >> kChunkBits].load(std::memory_order_acquire)->parents[id & (kChunk - 1)];
}

bool VisitedSet::same(StateId id, const Word* state) const {
    return std::equal(state, state + words_, this->state(id));
}

StateId VisitedSet::draw(Block& block) {
    if (block.next == block.end) {
        block.next = next_id_.fetch_add(kBlock, std::memory_order_relaxed);
        block.end = block.next + kBlock;
        IMSPECT_REQUIRE(block.end < kNoState, "more states than 32-bit numbers");
        // kChunk is a multiple of kBlock, so a block lies in one chunk.
        const std::uint64_t chunk = block.next >> kChunkBits;
        if (chunks_[chunk].load(std::memory_order_acquire) == nullptr) allocate_chunk(chunk);
    }
    return static_cast<StateId>(block.next);
}

void VisitedSet::allocate_chunk(std::uint64_t chunk) {
    const std::lock_guard<std::mutex> lock(chunk_mutex_);
    // Chunks are allocated in order, so that the destructor may stop at the first that is missing.
    for (std::uint64_t i = 0; i <= chunk; ++i) {
        if (chunks_[i].load(std::memory_order_relaxed) != nullptr) continue;
        auto* const made = new Chunk;
        made->states.reset(new Word[kChunk * words_]);  // left uninitialised: pages are touched when rows are written
        made->parents.reset(new StateId[kChunk]);
        chunks_[i].store(made, std::memory_order_release);
    }
}

void VisitedSet::write(StateId id, const Word* state, StateId parent) {
    const Chunk* const chunk = chunks_[id >> kChunkBits].load(std::memory_order_acquire);
    std::copy_n(state, words_, chunk->states.get() + (id & (kChunk - 1)) * words_);
    chunk->parents[id & (kChunk - 1)] = parent;
}

VisitedSet::Inserted VisitedSet::insert(const Word* state, std::uint64_t hash, StateId parent, Block& block) {
    const std::uint64_t tag = hash >> 32;
    bool written = false;
    for (std::uint64_t at = index_of(hash);; at = (at + 1) & (capacity_ - 1)) {
        std::uint64_t slot = table_[at].load(std::memory_order_acquire);
        if (slot == 0) {
            const StateId id = draw(block);
            if (!written) write(id, state, parent);
            written = true;
            const std::uint64_t mine = (tag << 32) | (static_cast<std::uint64_t>(id) + 1);
            if (table_[at].compare_exchange_strong(slot, mine, std::memory_order_acq_rel)) {
                ++block.next;
                return {id, true};
            }
        }
        const auto id = static_cast<StateId>((slot & 0xffffffffU) - 1);
        if ((slot >> 32) == tag && same(id, state)) return {id, false};
    }
}

StateId VisitedSet::find(const Word* state, std::uint64_t hash) const {
    const std::uint64_t tag = hash >> 32;
    for (std::uint64_t at = index_of(hash);; at = (at + 1) & (capacity_ - 1)) {
        const std::uint64_t slot = table_[at].load(std::memory_order_acquire);
        if (slot == 0) return kNoState;
        const auto id = static_cast<StateId>((slot & 0xffffffffU) - 1);
        if ((slot >> 32) == tag && same(id, state)) return id;
    }
}

void VisitedSet::grow() {
    IMSPECT_REQUIRE(log_capacity_ < 32, "a visited table beyond 2^32 slots");
    const std::uint64_t old_capacity = capacity_;
    const auto old_table = std::move(table_);
    ++log_capacity_;
    capacity_ *= 2;
    table_.reset(new std::atomic<std::uint64_t>[capacity_]());
    for (std::uint64_t i = 0; i < old_capacity; ++i) {
        const std::uint64_t slot = old_table[i].load(std::memory_order_relaxed);
        if (slot == 0) continue;
        std::uint64_t at = index_of(slot);
        while (table_[at].load(std::memory_order_relaxed) != 0) at = (at + 1) & (capacity_ - 1);
        table_[at].store(slot, std::memory_order_relaxed);
    }
}

void VisitedSet::retire(const Block& block) {
    if (block.next != block.end) unused_.push_back(block);
}

bool VisitedSet::is_state(StateId id) const {
    if (id >= id_limit()) return false;
    return std::none_of(unused_.begin(), unused_.end(),
                        [&](const Block& block) { return id >= block.next && id < block.end; });
}

std::uint64_t VisitedSet::bytes() const {
    return id_limit() * (words_ * sizeof(Word) + sizeof(StateId)) + capacity_ * sizeof(std::uint64_t);
}

}  // namespace imspect::explore
