// Reads --subscriber-keys FILE: {"IMPI": {"k": HEX, "op": HEX or "opc": HEX}, ...}, 16 octets each (TS 35.206).
// Errors: not JSON, a key that is no 32 hexadecimal digits, neither OP nor OPc; each with the path of the key. Thread-safety: pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/result.h"
#include "traces/conform/auditor.h"

namespace imspect::cli {

[[nodiscard]] Result<std::map<std::string, conform::SubscriberKey>> read_subscriber_keys(std::string_view text, const std::string& file);

}  // namespace imspect::cli
