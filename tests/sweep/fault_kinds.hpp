#pragma once

#include <array>
#include <string_view>

namespace gk::test {

/// One way in which a request goes wrong: members of the sandbox's fault object (docs/sandbox.md).
struct FaultKind {
  std::string_view name;
  std::string_view members;
  bool moves_world = false;  ///< the fault changes the services, as somebody else might
  bool hides = false;        ///< the answer looks like a whole one, but rows are missing
};

/// Every kind of the reliability table (docs/reliability.md).
inline constexpr std::array k_fault_kinds{
    FaultKind{"401", R"("kind":"status","status":401)"},
    FaultKind{"403", R"("kind":"status","status":403)"},
    FaultKind{"404", R"("kind":"status","status":404)"},
    FaultKind{"409", R"("kind":"status","status":409)"},
    FaultKind{"422", R"("kind":"status","status":422)"},
    FaultKind{"429", R"("kind":"status","status":429)"},
    FaultKind{"429 Retry-After seconds", R"("kind":"status","status":429,"retry_after":"1")"},
    FaultKind{"429 Retry-After date", R"("kind":"status","status":429,"retry_after":"date")"},
    FaultKind{"429 Retry-After absurd", R"("kind":"status","status":429,"retry_after":"absurd")"},
    FaultKind{"500", R"("kind":"status","status":500)"},
    FaultKind{"500 after", R"("kind":"status","status":500,"after":true)"},
    FaultKind{"502 HTML", R"("kind":"html502")"},
    FaultKind{"502 HTML after", R"("kind":"html502","after":true)"},
    FaultKind{"503", R"("kind":"status","status":503)"},
    FaultKind{"timeout before", R"("kind":"timeout_before","ms":60)"},
    FaultKind{"timeout after", R"("kind":"timeout_after","ms":60)"},
    FaultKind{"reset before", R"("kind":"reset_before")"},
    FaultKind{"reset after", R"("kind":"reset_after")"},
    FaultKind{"truncated", R"("kind":"truncated")"},
    FaultKind{"malformed", R"("kind":"malformed")"},
    FaultKind{"not UTF-8", R"("kind":"not_utf8")"},
    FaultKind{"deep nesting", R"("kind":"deep_nesting","bytes":100000)"},
    FaultKind{"success false", R"("kind":"success_false")"},
    FaultKind{"total too high", R"("kind":"wrong_total","delta":1)"},
    FaultKind{"total too low", R"("kind":"wrong_total","delta":-1)"},
    FaultKind{"repeated page", R"("kind":"repeated_page")"},
    FaultKind{"page cap", R"("kind":"page_cap","rows":2)"},
    FaultKind{"short page", R"("kind":"short_page","rows":1)"},
    FaultKind{"row inserted while paging", R"("kind":"insert_row_while_paging")", true},
    FaultKind{"row removed while paging", R"("kind":"remove_row_while_paging")", true},
    FaultKind{"empty list", R"("kind":"empty_list")", false, true},
    FaultKind{"redirect", R"("kind":"redirect","body":"http://127.0.0.1:9/elsewhere")"},
    FaultKind{"slow drip", R"("kind":"slow_drip","bytes":200,"ms":1)"},
    FaultKind{"huge", R"("kind":"huge","bytes":300000)"},
    FaultKind{"empty body", R"("kind":"body","body":"")"},
    FaultKind{"null body", R"("kind":"body","body":"null")"},
};

}  // namespace gk::test
