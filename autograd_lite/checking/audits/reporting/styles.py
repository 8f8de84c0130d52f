"""How a page looks, in light and in dark."""

LIGHT = """
--text: #1f2328; --faint: #59636e; --line: #c4cbd2; --code: #f1f3f5; --good: #116b2e;
--bad: #b3261e; --open: #7a5600; --negative: #6ea8f5; --positive: #f0946a; --less: #56bfb2;
--more: #c393ea; --nothing: #dfe3e8; --worst: #111;
""".replace("\n", " ")
DARK = """
--text: #e6e8eb; --faint: #a2abb5; --line: #4a525b; --code: #22272e; --good: #6cd08a;
--bad: #ff8a80; --open: #e5b94e; --negative: #2f6fc9; --positive: #c25a2c; --less: #1d8579;
--more: #8a51bb; --nothing: #3a4149; --worst: #fff;
""".replace("\n", " ")
STYLE = f"""
.ag-audit {{ {LIGHT} color: var(--text); font: 14px/1.45 system-ui, sans-serif }}
@media (prefers-color-scheme: dark) {{ .ag-audit {{ {DARK} }} }}
[data-jp-theme-light="true"] .ag-audit, .vscode-light .ag-audit {{ {LIGHT} }}
[data-jp-theme-light="false"] .ag-audit, .vscode-dark .ag-audit {{ {DARK} }}
.ag-audit h2 {{ font-size: 1.2rem; margin: 0.6rem 0 }}
.ag-audit h3 {{ font-size: 1rem; margin: 1.1rem 0 0.3rem }}
.ag-audit p {{ margin: 0.3rem 0; max-width: 52rem }}
.ag-audit table {{ border-collapse: collapse; margin: 0.6rem 0 }}
.ag-audit table th, .ag-audit table td {{
  background: none; color: inherit; padding: 0.15rem 0.9rem 0.15rem 0; text-align: left;
  border-bottom: 1px solid var(--line); font-weight: normal; font-size: 14px }}
.ag-audit thead th {{ color: var(--faint) }}
.ag-audit table td.number {{ text-align: right }}
.ag-audit .ok, .ag-audit .right {{ color: var(--good) }}
.ag-audit .bad, .ag-audit .wrong, .ag-audit .missing {{ color: var(--bad) }}
.ag-audit td.unknown {{ color: var(--open) }}
.ag-audit pre, .ag-audit code {{
  background: var(--code); color: inherit; border-radius: 3px; font-size: 13px;
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }}
.ag-audit code {{ padding: 0 0.2rem }}
.ag-audit pre {{ padding: 0.45rem 0.7rem; margin: 0.3rem 0; overflow-x: auto;
  border-left: 4px solid var(--line) }}
.ag-audit pre.is {{ border-left-color: var(--bad) }}
.ag-audit pre.due {{ border-left-color: var(--good) }}
.ag-audit figure {{ margin: 1.2rem 0 }}
.ag-audit figcaption, .ag-audit .note {{ color: var(--faint) }}
.ag-audit .maps {{ display: flex; flex-wrap: wrap; gap: 8px 18px; align-items: flex-start }}
.ag-audit svg text {{ fill: var(--text); font-size: 11px }}
.ag-audit svg .title {{ font-weight: 600; font-size: 12px }}
.ag-audit svg .axis {{ fill: var(--faint) }}
.ag-audit svg .middle, .ag-audit svg .value {{ text-anchor: middle }}
.ag-audit svg .end {{ text-anchor: end }}
.ag-audit svg .negative {{ fill: var(--negative) }}
.ag-audit svg .positive {{ fill: var(--positive) }}
.ag-audit svg .less {{ fill: var(--less) }}
.ag-audit svg .more {{ fill: var(--more) }}
.ag-audit svg .nothing {{ fill: var(--nothing) }}
.ag-audit svg .nan {{ fill: none; stroke: var(--faint) }}
.ag-audit svg .border {{ fill: none; stroke: var(--line) }}
.ag-audit svg .worst {{ fill: none; stroke: var(--worst); stroke-width: 1.2 }}
.ag-audit svg .first {{ stroke-width: 2.6 }}
"""
