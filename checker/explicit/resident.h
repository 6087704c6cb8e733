// Resident memory of this process, now and at its peak, as Linux reports it; 0 where it can't be read.
// Thread-safety: any thread.
#pragma once

#include <cstdint>

namespace imspect::explore {

std::uint64_t resident_bytes();
std::uint64_t peak_resident_bytes();

}  // namespace imspect::explore
