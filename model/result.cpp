#include "model/result.h"

#include <cstdio>
#include <cstdlib>

namespace imspect {

std::string Error::text() const {
    std::string out;
    if (!file.empty()) out += file + ":";
    if (!position.empty()) out += position + ":";
    if (!out.empty()) out += " ";
    out += message;
    if (!excerpt.empty()) out += "\n" + excerpt;
    return out;
}

void fail_invariant(const char* what, const char* file, int line) {
    std::fprintf(stderr, "imspect: internal error: %s (%s:%d)\n", what, file, line);
    std::abort();
}

}  // namespace imspect
