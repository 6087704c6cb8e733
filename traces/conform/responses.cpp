#include "traces/conform/responses.h"

#include <variant>

#include "traces/bind/nonce.h"
#include "traces/decode/digest.h"

namespace imspect::conform {

std::optional<bool> Responses::judge(const bind::Event& event) {
    if (event.kind == bind::Kind::kMaa && event.message) {
        constexpr std::size_t kKept = 16;
        const auto* answer = std::get_if<decode::DiameterMessage>(&event.message->content);
        if (answer == nullptr) return event.response_right;
        auto& known = vectors_[event.impi];
        for (const decode::AuthItem& item : answer->auth_items) {
            known.push_back({bind::av_key(item.authenticate), item.authorization});
            if (known.size() > kKept) known.pop_front();
        }
        return event.response_right;
    }
    if (event.kind != bind::Kind::kResponse || event.response_right || !event.message) return event.response_right;
    const auto* request = std::get_if<decode::SipMessage>(&event.message->content);
    const auto known = vectors_.find(event.impi);
    if (request == nullptr || known == vectors_.end() || request->authorization.empty()) return std::nullopt;
    const std::string key = bind::av_key(event.nonce);
    for (const Vector& vector : known->second) {
        if (vector.key != key || vector.xres.empty()) continue;
        return decode::response_right(request->authorization.front(), request->method, request->body, vector.xres);
    }
    return std::nullopt;
}

}  // namespace imspect::conform
