// Errors of external input as values.
//
// Anything that comes from outside (a scenario, a property file, a model in JSON) is read into a Result<T>: either
// the value or one Error that says what is wrong, where, and what was expected. A broken internal invariant is not an
// Error: it goes to `fail_invariant`, which prints a message and aborts, in release builds too.
// Thread-safety: values, no shared state.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace imspect {

/// What went wrong with an input. `position` is empty, "line:column", or the path of a key ("/faults/budget").
/// `excerpt` may hold the source line and a caret below it, ready to print.
struct Error {
    std::string code;
    std::string message;
    std::string file;
    std::string position;
    std::string excerpt;

    /// "file:position: message" followed by the excerpt, the form in which every command prints an error.
    [[nodiscard]] std::string text() const;
};

[[noreturn]] void fail_invariant(const char* what, const char* file, int line);

#define IMSPECT_REQUIRE(condition, what) \
    do { \
        if (!(condition)) ::imspect::fail_invariant(what, __FILE__, __LINE__); \
    } while (false)

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return content_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & {
        IMSPECT_REQUIRE(ok(), "value() of a failed Result");
        return std::get<0>(content_);
    }
    const T& value() const& {
        IMSPECT_REQUIRE(ok(), "value() of a failed Result");
        return std::get<0>(content_);
    }
    T&& value() && {
        IMSPECT_REQUIRE(ok(), "value() of a failed Result");
        return std::get<0>(std::move(content_));
    }
    const Error& error() const {
        IMSPECT_REQUIRE(!ok(), "error() of a successful Result");
        return std::get<1>(content_);
    }

private:
    std::variant<T, Error> content_;
};

}  // namespace imspect
