#include "traces/decode/milenage.h"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>

#include "model/result.h"

namespace imspect::decode {

namespace {

Block encrypt(const Block& key, const Block& block) {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    Block result{};
    int length = 0;
    const bool done = context && EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr) == 1 &&
                      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                      EVP_EncryptUpdate(context.get(), result.data(), &length, block.data(), 16) == 1;
    IMSPECT_REQUIRE(done && length == 16, "libcrypto offers AES-128");
    return result;
}

template <std::size_t N>
std::array<std::uint8_t, N> exclusive_or(std::array<std::uint8_t, N> a, const std::array<std::uint8_t, N>& b) {
    for (std::size_t i = 0; i < N; ++i) a[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
    return a;
}

/// To the left, by whole octets: every r of TS 35.206, 4.1 is a multiple of eight.
Block rotate(Block block, std::size_t octets) {
    std::rotate(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(octets), block.end());
    return block;
}

template <std::size_t N, std::size_t From>
std::array<std::uint8_t, N> part(std::span<const std::uint8_t> octets) {
    std::array<std::uint8_t, N> result{};
    std::copy_n(octets.begin() + From, N, result.begin());
    return result;
}

}  // namespace

Block opc_of(const Block& k, const Block& op) { return exclusive_or(encrypt(k, op), op); }

Milenage::F1 Milenage::f1(const Block& rand, const Sqn& sqn, const Amf& amf) const {
    Block in1{};
    for (std::size_t half : {std::size_t{0}, std::size_t{8}}) {
        std::copy(sqn.begin(), sqn.end(), in1.begin() + static_cast<std::ptrdiff_t>(half));
        std::copy(amf.begin(), amf.end(), in1.begin() + static_cast<std::ptrdiff_t>(half + 6));
    }
    const Block temp = encrypt(k_, exclusive_or(rand, opc_));
    // r1 = 64, c1 = 0
    const Block rotated = rotate(exclusive_or(in1, opc_), 8);
    const Block out = exclusive_or(encrypt(k_, exclusive_or(temp, rotated)), opc_);
    return {part<8, 0>(out), part<8, 8>(out)};
}

Milenage::F2345 Milenage::f2345(const Block& rand) const {
    const Block temp = exclusive_or(encrypt(k_, exclusive_or(rand, opc_)), opc_);
    const auto out = [&](std::size_t rotation, std::uint8_t constant) {
        Block block = rotate(temp, rotation);
        block[15] = static_cast<std::uint8_t>(block[15] ^ constant);
        return exclusive_or(encrypt(k_, block), opc_);
    };
    // r2..r5 = 0, 32, 64, 96; c2..c5 = 1, 2, 4, 8
    const Block out2 = out(0, 1), out3 = out(4, 2), out4 = out(8, 4), out5 = out(12, 8);
    return {part<8, 8>(out2), out3, out4, part<6, 0>(out2), part<6, 0>(out5)};
}

Block make_autn(const Milenage& keys, const Block& rand, const Sqn& sqn, const Amf& amf) {
    const Sqn hidden = exclusive_or(sqn, keys.f2345(rand).ak);
    const Mac mac = keys.f1(rand, sqn, amf).mac_a;
    Block autn{};
    auto next = std::copy(hidden.begin(), hidden.end(), autn.begin());
    next = std::copy(amf.begin(), amf.end(), next);
    std::copy(mac.begin(), mac.end(), next);
    return autn;
}

std::array<std::uint8_t, 14> make_auts(const Milenage& keys, const Block& rand, const Sqn& sqn_ms) {
    const Sqn hidden = exclusive_or(sqn_ms, keys.f2345(rand).ak_s);
    const Mac mac = keys.f1(rand, sqn_ms, Amf{}).mac_s;
    std::array<std::uint8_t, 14> auts{};
    std::copy(mac.begin(), mac.end(), std::copy(hidden.begin(), hidden.end(), auts.begin()));
    return auts;
}

Unveiled read_autn(const Milenage& keys, const Block& rand, const Block& autn) {
    Unveiled result;
    result.sqn = exclusive_or(part<6, 0>(autn), keys.f2345(rand).ak);
    result.amf = part<2, 6>(autn);
    result.mac_right = keys.f1(rand, result.sqn, result.amf).mac_a == part<8, 8>(autn);
    return result;
}

Unveiled read_auts(const Milenage& keys, const Block& rand, const std::array<std::uint8_t, 14>& auts) {
    Unveiled result;
    result.sqn = exclusive_or(part<6, 0>(auts), keys.f2345(rand).ak_s);
    result.mac_right = keys.f1(rand, result.sqn, Amf{}).mac_s == part<8, 6>(auts);
    return result;
}

}  // namespace imspect::decode
