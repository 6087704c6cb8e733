// A map from strings that forgets: what was not touched for long, and the stalest entries past a cap.
//
// Keeps the memory of the binder and of the checks on values bounded on captures of any length.
// Invariant: `order_` lists the keys by last touch, stalest first. Cost: constant an operation. Thread-safety: one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

namespace imspect::bind {

template <typename Value>
class ExpiringMap {
public:
    explicit ExpiringMap(std::size_t most = 500'000) : most_(most) {}

    /// The value of `key`, touched; null where there is none. Valid until the next operation that forgets.
    Value* find(const std::string& key, std::int64_t now) {
        const auto found = entries_.find(key);
        if (found == entries_.end()) return nullptr;
        touch(found->second, now);
        return &found->second.value;
    }

    Value& at(const std::string& key, std::int64_t now) {
        if (Value* known = find(key, now)) return *known;
        if (entries_.size() >= most_) drop_stalest();
        order_.push_back(key);
        Entry& entry = entries_[key];
        entry.touched = now;
        entry.position = std::prev(order_.end());
        return entry.value;
    }

    void forget_before(std::int64_t time) {
        while (!order_.empty() && entries_.find(order_.front())->second.touched < time) drop_stalest();
    }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        Value value{};
        std::int64_t touched = 0;
        std::list<std::string>::iterator position;
    };

    void touch(Entry& entry, std::int64_t now) {
        if (now > entry.touched) entry.touched = now;
        order_.splice(order_.end(), order_, entry.position);
    }
    void drop_stalest() {
        entries_.erase(order_.front());
        order_.pop_front();
    }

    std::size_t most_;
    std::list<std::string> order_;
    std::unordered_map<std::string, Entry> entries_;
};

}  // namespace imspect::bind
