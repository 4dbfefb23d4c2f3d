using System.Text;

namespace Trading.MarketData.Tests;

public sealed class CsvTableTests
{
    static (List<string> Rows, FileFindings Findings) Read(string text)
    {
        var findings = new FileFindings("file.csv");
        List<string> rows = [];
        if (CsvTable.Open(Encoding.UTF8.GetBytes(text), findings) is { } table)
            while (table.Read()) rows.Add($"{table.Line}: {string.Join('|', table.Cells)}");
        return (rows, findings);
    }

    [Fact]
    public void Rows_ComeOutWithTheirLines_WhateverEndsThem()
    {
        var (rows, findings) = Read("\uFEFFa,b\r\n1,\"x, \"\"y\"\"\"\n,\r\n\"\",größer");

        rows.ShouldBe(["2: 1|x, \"y\"", "3: |", "4: |größer"]);
        findings.Total.ShouldBe(0);
    }

    [Fact]
    public void BadRows_AreNamed_AndHarmNoOther()
    {
        var (rows, findings) = Read("a,b\n1\n1,2,3\n\"1\n\n" + new string('x', 1_001) + ",1\n1,2\n1");

        rows.ShouldBe(["7: 1|2"]);
        findings.Listed.Select(error => (error.Line, error.Rule)).ShouldBe(
            [(2L, "cells"), (3L, "cells"), (4L, "quote"), (5L, "cells"), (6L, "cell_length"), (8L, "truncated")]);
    }

    [Fact]
    public void HeaderThatCannotBeTakenApart_IsReported() => Read("a,\"b\n1,2\n").Findings.Listed[0].ShouldBe(new("row", "quote", CsvLine.QuoteProblem, 1));

    [Fact]
    public void WideTable_IsRead_AndOneThatIsTooWideIsReported()
    {
        Read(string.Join(',', Enumerable.Range(0, 10_001)) + "\n" + new string(',', 10_000) + "\n").Rows.Count.ShouldBe(1);
        Read(new string(',', 20_000) + "\n").Findings.Listed[0].Rule.ShouldBe("cells");
    }
}
