// SPDX-License-Identifier: Apache-2.0
// The packages were encrypted by other programs than ours, as [MS-OFFCRYPTO] says it.
#include "parsers/encrypted_package.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <string>

#include "base/base64.h"
#include "parsers/parse_document.h"
#include "support/compound_files.h"
#include "unit/parsers/from_hex.h"

namespace dbxes::parsers {
namespace {

Parsed<ParsedDocument> Parse(const std::string& info, const std::string& package) {
  return ParseDocument(CompoundOf({{"EncryptionInfo", info}, {"EncryptedPackage", package}}),
                       DocumentForm::kFile, {});
}

void CheckText(const std::string& info, const std::string& package) {
  const auto document = Parse(info, package);
  REQUIRE(document);
  CHECK_FALSE(document->damaged_partly);
  CHECK(document->text == "count the whimbrels");
}

void CheckClosed(const std::string& info, const std::string& package) {
  const auto document = Parse(info, package);
  REQUIRE_FALSE(document);
  CHECK(document.error() == Unreadable::kEncrypted);
}

std::string FromBase64(const std::string& text) { return Base64Decode(text).value(); }

// `encrypted`: the verifier, its hash and the key.
std::string AgileInfo(const std::string& hash, int bits, int times,
                      const std::array<std::string, 3>& encrypted) {
  const std::string cipher =
      fmt::format(R"(saltSize="16" blockSize="16" keyBits="{}" cipherAlgorithm="AES" )"
                  R"(cipherChaining="ChainingModeCBC" hashAlgorithm="{}")",
                  bits, hash);
  return std::string("\4\0\4\0\x40\0\0\0", 8) +
         fmt::format(
             R"(<encryption xmlns:p="urn:p"><keyData {0} saltValue="AAECAwQFBgcICQoLDA0ODw=="/>)"
             R"(<keyEncryptors><keyEncryptor><p:encryptedKey spinCount="{1}" {0} )"
             R"(saltValue="MjM0NTY3ODk6Ozw9Pj9AQQ==" encryptedVerifierHashInput="{2}" )"
             R"(encryptedVerifierHashValue="{3}" encryptedKeyValue="{4}"/></keyEncryptor>)"
             R"(</keyEncryptors></encryption>)",
             cipher, times, encrypted[0], encrypted[1], encrypted[2]);
}

const std::string kStandardInfo = FromHex(
    "03000200240000008c00000024000000000000000e660000048000008000000018000000000000000000"
    "00004d006900630072006f0073006f0066007400200045006e00680061006e0063006500640020005200"
    "53004100200061006e00640020004100450053002000430072007900700074006f006700720061007000"
    "6800690063002000500072006f0076006900640065007200000010000000000102030405060708090a0b"
    "0c0d0e0fc9c388ad490e94704544db5bb838b6ee14000000be5b1399420b30a6bd10f8474fc01c60b4ea"
    "54ab54faf94e4e62a270c21bb933");
const std::string kStandardPackage = FromBase64(
    "1AIAAAAAAABgW92aSzEICt9WiOBO8b+xa+Vk8STzuq+8tTC4xK6XsX+vSzkYTwccvHUa+t2WawexfWIAGpVU"
    "uTtBkKEOlySza/TSBztv7VeCrGm0HHvMxW3f2CfsoEHm8gvZbnmB3STjEo60AfW9LyVk3wEnaLGYTwn/lk1V"
    "KJomzC38zwz0qWNl47dqgXQFf2VKBWTmF1YzNtwXpbrXO9/M+7ggtHQy83BrePfh18h/5gKVjmyUvV2ABJUe"
    "bN76Yxp8zqmDps25IxSIpJjIgtSxHHpY6wIahLI6/mtthiwubtKLdLDgaaT+hbDNpZr3WUiEeVlMDDcbnBhK"
    "TTGoFwYMfTjTv6A3JPjq12dBBz4MKR0w8yi0uCtJWDlXVVN0vYDSnFwXqLh/UdlGWShB9ZEEZRlsAciXxIGf"
    "EqQNAvuMAuXgV6X0k6CjfwnbqPi9in0RFYnPjA8d1PUssp/k+3q+JqDBsqJ1/+rm4d8aCdedfJvu+R+oLiO7"
    "SOcX/V9sg8uadmbTjwqygh/oy1Bbn4Cr4QKZKje2EHSFloaGSGP1bZavhnOs+Y1ZSzumDG8K/hD64X+0bUDW"
    "xfuHT/mF/HFAH1tP0VH3/J4+n9TGv0LallkCE964EBcWY2o5JUW6lXgTiMw5jtv9wolX0XJ3tHQ2L80wMFkI"
    "IQ9Wd0Ti5zt1aCgJvkYLaMoGjcww8PMHK7+xNpNzAC0cSa+wmPZSESssRZh323zorS7cngnc33trbFBf+XYm"
    "mIL7PJ+bpGQcq3NEfdOrdmjKKFSk1lEKh1DqznwyVrX9YPllJCOK9JtbO5emYnbC6PQ+APbwB0yOcvKKGMTA"
    "xv3IEOO/Vd+ZQ4HvW1+uX047tKDHVWMJIjxWoH2qah+kBGTA0Z2Je/xPKmfEcfXXWYZPdtJVMZTDHkZSsVCn"
    "Qlm5BLocS27bcpzOEBm+z/6/5vZkSMWxqIbY6ofePqQQXfXdzRusPShcR4QPnFekEt/Y");
const std::string kAgilePackage = FromBase64(
    "1AIAAAAAAAAiOmASj7FIo2zeMjbPrCl8Uf/ptLpaZ9lAQO2g987jqZFw0E5lKYYuW4sEk0v+ydRQXV+WMUiH"
    "wC+vx5CtqNt0vQPMr50qnjwFIov4ceAwomIG6mHdh7CTt0hdKpeRxyTcwAsp1m6TWuGsutMk/vElPKZv0xwF"
    "Lh+4yOAEakufi+JKKSOtvmM27bA8JoNk+BpSeVRrGESUiOi5kAibKcL5gFrlWEbGdD+YPMTDQEyRzgZdQgJx"
    "x+m2NvBhl/3Qn1uUNZLoYqbE2xVwIuLRYvltluDMghJ0zAq4dEpB4bVTz3PamA2pi/SMIGKsAdDEvyJGLUhs"
    "eetuF24WgfRO2TCF5+L1SJFKOxSMNTyK1XVvxDSmLLM+V5tE8Srl88pH5jbgWYE11YvuHYedBb1ULUCf3Qmp"
    "H+ewDBB6NKfS09b5zId3Fh0D0w0wBRCRuUyIyY5N9Az4arOEA66Ss13dUwPTztlzxe9MNc/J5n8EAuRErYB/"
    "DyCPX5/sTwp3QvcUdmOTgiCIe2Utp8A/iDSmJ+anRfqgFf15pzZGZQ7Vl9FR6c42wRO4goKw0JH/+UHQVg0L"
    "h/HDzvWhhXYWZMj/UPK73wDaPV0vYGOygVA71swO/s2Cr+JVwjKymTBLXEo7rZ9O3/yOve9GgI9UssIQ1ppy"
    "TaRNU8aD2azjZbiBdPmJCaB6DsJ6sBxnYG2sYKuwAByQmfSZI5EvY2Jc+5nNsIEYOTXNa9k+3DKtFUZVzVmr"
    "/AdpvnVYGzbVWk5nDClW/JV0KxEIdkh3jIbYZsqZyzzocZBh+eGGHVcdsVdR5KwfbL6Btq8NacG1e0gmEZTb"
    "eHFAoAO5zr5l4SwchDieG87Z8L801/0wvcq/cC+CvdCIvZM8w5JK3IA/aditqDO4Zgh91WeEqm1rdT7KXXL5"
    "la8dKeKwkmUkbMxRT5/bIUrgIT/IZxyHNs62qJ+LKzl5o9wfg762TbMcNhXbrS2F1dp/");

}  // namespace

TEST_CASE("a document with the password of Excel in standard encryption is read") {
  CheckText(kStandardInfo, kStandardPackage);
}

TEST_CASE("a document with the password of Excel in agile encryption is read") {
  CheckText(
      AgileInfo(
          "SHA512", 256, 100000,
          {"Kt2af1td+O/Av8UQEjm6bQ==",
           "iuTwt6AOpdq6kox1QOFcJPtXjsBXp6QX99uczMeyQmQD1khdVP0DoLi3gdkekq7BbGgB+XKk88zGxFcWe0m9"
           "ng==",
           "oRSQp6CiB6NiiDMVtl0gYofgL7pS0Des1iLkFqdvwjM="}),
      kAgilePackage);
  CheckText(
      AgileInfo("SHA1", 128, 50000,
                {"Yefi/fxAw/p5filFshX7YQ==", "avQ0sRvRSBNJx6SaUzFXHsUlTMo+rsxTCEzu7Tv3bxU=",
                 "RtAFiF0dkQoBrLe6xKiHlw=="}),
      FromBase64(
          "1AIAAAAAAAD8HpmZ5GFgURUZvMDPsmxiNMTQWYrGCVGiBdRI4sv91Eoexe0HgOnTpPc6CN1IO0hHT+qwj8LM"
          "3BC3fg86hN2EPi99ampVGm+mnYWWRvO8E5uaAoImc4cI2jvN/hFWTA4ssWZlO8cxvRZO71nZvyTao2IIXbKU"
          "bsJKzDblMPFuHKporSj8/vNdwFz4O/pz/iVl/m4feDDq5KERwIhULm/ql/RkUUUdwWI6fOywAYlHncyda81k"
          "pMeSAz+lCr7g3bSDt/+8dXGSQc6h/FnH3/lZcZzuYqZAZp0MZ5uv2ASpIkXEHOiwOO6urphVpO4zxZOTJ/Dz"
          "X85pqUv3WhS+FSKmNHhOl/x2HcwGIxplsgnjpGbg3vBmpnyUOW63qlCa/UnccZTVXyxZVg5gUwwyStUB1j7C"
          "LtuV4iz++TmEIDAaL11jOafpeGonLsThxG1g6HsKq26tFch5yzNoncwdudAGXU7pLDb6X34qvrmk+MSgC/Ed"
          "paKONW1aDKIyTXWTPUbusJmvVqo1+CX8d5DNfBADCtP9iAC3LkLfT+ezMTyKg7MnBn92hLajLgjWW0+HpvcX"
          "EqAo3gASb6gMTDlHGCauD0oetbrgzKBOpU7okJ9TGCLa3n5RO94kNFO9OIvKpvcY6t1bK0/AV+gmli9TjjiH"
          "vBXeSL9dsRUiX2FT6/NEXe0ppbG/p3rX8DGP0RSinqauP3ZZX9uX1aHzr1LcmlYsJ8wvCtWcxCpz9Y2dokI2"
          "n7DUI2in5Kti+V1T+MfKxxPvjeGJVEd5gs0DCnbp99I7PuyvTGVW2KWWU2oYufgpmOg9mWQBYyXIKBgVktan"
          "Fv+k0VwuWb3K8tAfiK/UM+y/T7O4tMOXTgeYD7NVUaMbh54IvC4y0jMouCd5YtJ69ucmCGpsVqFy7w7xPLzP"
          "2+mh+Cx/Lfa2C2JU+rs+qWyLRgCnWWv5dc7BHPkoZZxp+AVWCYkulm44/QDwjXXynJ5D"));
}

TEST_CASE("a document with a password of its user stays closed") {
  CheckClosed(
      AgileInfo(
          "SHA512", 256, 1000,
          {"NCJb6ZOcM78MnOUaIwfozQ==",
           "Oe6ere5FQv5ORcF6q8Yv0oCr3QHP9lhSYFPWZL0YEXATM/se64+1aFH8NjCbrAcfjftJn4HlQipgLDhtS7wN"
           "Ng==",
           "gIP679DGvT4X5s17q3/EflAg2HTBsNywniW/Eyq6iZk="}),
      kAgilePackage);
  std::string other_salt = kStandardInfo;
  other_salt[other_salt.size() - 60] ^= 1;
  CheckClosed(other_salt, kStandardPackage);
}

TEST_CASE("a password that would be hashed for minutes is not tried") {
  CheckClosed(
      AgileInfo(
          "SHA512", 256, 10000000,
          {"Kt2af1td+O/Av8UQEjm6bQ==",
           "iuTwt6AOpdq6kox1QOFcJPtXjsBXp6QX99uczMeyQmQD1khdVP0DoLi3gdkekq7BbGgB+XKk88zGxFcWe0m9"
           "ng==",
           "oRSQp6CiB6NiiDMVtl0gYofgL7pS0Des1iLkFqdvwjM="}),
      kAgilePackage);
}

TEST_CASE("descriptions and packages that break off, at any byte, break nothing") {
  for (std::size_t length = 0; length < kStandardInfo.size(); length += 7) {
    CheckClosed(kStandardInfo.substr(0, length), kStandardPackage);
  }
  for (std::size_t length = 0; length <= 8; ++length) {
    CheckClosed(kStandardInfo, kStandardPackage.substr(0, length));
  }
  // The archive is salvaged as any other that breaks off.
  CHECK(Parse(kStandardInfo, kStandardPackage.substr(0, 500)).has_value() == false);
}

TEST_CASE("a mail with an encrypted document is still read") {
  const std::string attachment = CompoundOf({{"EncryptedPackage", std::string(5000, 'x')}});
  const auto document = ParseDocument(
      CompoundOf({{"__properties_version1.0", std::string(32, '\0')},
                  {"__substg1.0_0037001F", Wide("tides")},
                  {"__substg1.0_1000001F", Wide("count the whimbrels")},
                  {"__attach_version1.0_#00000000/__substg1.0_37010102", attachment}}),
      DocumentForm::kFile, {});
  REQUIRE(document);
  CHECK(document->text.find("count the whimbrels") != std::string::npos);
}

}  // namespace dbxes::parsers
