// A hash table that knows which of its entries was touched longest ago, so that tables of flows can be bounded.
//
// find() and emplace() touch, peek() does not; entries stay where they are in memory until erased.
// Cost: constant. Thread-safety: one thread.
#pragma once

#include <unordered_map>
#include <utility>

namespace imspect::capture {

template <typename Key, typename Value, typename Hash>
class RecentMap {
public:
    struct Entry {
        Value value;
        const Key* key = nullptr;
        Entry* older = nullptr;
        Entry* newer = nullptr;
    };

    RecentMap() = default;
    RecentMap(const RecentMap&) = delete;
    RecentMap& operator=(const RecentMap&) = delete;

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

    Value* peek(const Key& key) {
        const auto found = entries_.find(key);
        return found == entries_.end() ? nullptr : &found->second.value;
    }
    Value* find(const Key& key) {
        const auto found = entries_.find(key);
        if (found == entries_.end()) return nullptr;
        if (&found->second != newest_) {
            unlink(found->second);
            link(found->second);
        }
        return &found->second.value;
    }
    /// The key must not be there.
    Value& emplace(const Key& key, Value value) {
        const auto [at, added] = entries_.try_emplace(key);
        at->second.value = std::move(value);
        at->second.key = &at->first;
        if (!added) unlink(at->second);
        link(at->second);
        return at->second.value;
    }
    /// Null: empty.
    Entry* oldest() { return oldest_; }
    void erase(const Key& key) {
        const auto found = entries_.find(key);
        if (found == entries_.end()) return;
        unlink(found->second);
        entries_.erase(found);
    }
    void erase_oldest() {
        const auto found = entries_.find(*oldest_->key);
        unlink(found->second);
        entries_.erase(found);
    }

private:
    void unlink(Entry& entry) {
        (entry.older != nullptr ? entry.older->newer : oldest_) = entry.newer;
        (entry.newer != nullptr ? entry.newer->older : newest_) = entry.older;
    }
    void link(Entry& entry) {
        entry.older = newest_;
        entry.newer = nullptr;
        (newest_ != nullptr ? newest_->newer : oldest_) = &entry;
        newest_ = &entry;
    }

    std::unordered_map<Key, Entry, Hash> entries_;
    Entry* oldest_ = nullptr;
    Entry* newest_ = nullptr;
};

}  // namespace imspect::capture
