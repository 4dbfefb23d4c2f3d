using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Risk;

namespace Trading.Api;

/// <summary>A node of the hierarchy with what is below it; a book has nothing below it.</summary>
/// <param name="Capacity">What the node may hand out, or a book use.</param>
/// <param name="Granted">What it has handed out; of a book the same as used.</param>
/// <param name="Free">What it may still hand out; of a book what it may still use. Null where there is no limit or the usage is unknown.</param>
internal sealed record BudgetBranch(
    string Node, string? Currency, BudgetAmounts Limit, BudgetAmounts Capacity, BudgetAmounts Granted, BudgetAmounts Used, BudgetAmounts Free,
    ImmutableArray<BudgetBranch> Children);

/// <summary>The firm's risk budget, and who has how much of it.</summary>
internal static class BudgetEndpoints
{
    public static void MapBudgets(this IEndpointRouteBuilder api)
    {
        var risk = api.MapGroup("/api/risk").WithTags("Risk").Answers(400, 500);
        risk.MapGet("/budgets", GetTreeAsync).Produces<BudgetBranch>()
            .WithSummary("The firm, its desks and books: limit, granted, used, free.");
        risk.MapPost("/budgets/firm", SetFirmAsync).Takes(BudgetBody.Shape).Produces<BudgetReport>()
            .WithSummary("Sets the firm's limits. Below what is granted they come into force as it is given back.");
        risk.MapPost("/budgets/desk/{id}", SetDeskAsync).Takes(BudgetBody.Shape).Produces<BudgetReport>()
            .WithSummary("Sets a desk's limits, likewise.");
        risk.MapPost("/hierarchy", AssignAsync).Takes(HierarchyBody.Shape).Produces<BudgetPlace>().Answers(404, 409)
            .WithSummary("Puts a book below a desk or the firm, or takes it out.");
    }

    static async Task<Answer<BudgetBranch>> GetTreeAsync(IGrainFactory grains)
    {
        var firm = await Reads.AskAsync(grains.GetGrain<IRiskBudgetGrain>(GrainKeys.FirmBudget).GetReportAsync);
        var children = await Task.WhenAll(firm.Children.Select(async child => child.Child.StartsWith(GrainKeys.DeskBudget, StringComparison.Ordinal)
            ? Branch(await Reads.AskAsync(grains.GetGrain<IRiskBudgetGrain>(child.Child).GetReportAsync))
            : Leaf(child, firm.Currency)));
        return Branch(firm) with { Children = [.. children] };
    }

    static Task<Answer<BudgetReport>> SetFirmAsync(HttpRequest request, IGrainFactory grains) => SetAsync(request, GrainKeys.FirmBudget, grains);

    static Task<Answer<BudgetReport>> SetDeskAsync(HttpRequest request, string id, IGrainFactory grains) =>
        SetAsync(request, GrainKeys.DeskBudget + id, grains);

    static async Task<Answer<BudgetReport>> SetAsync(HttpRequest request, string node, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(BudgetBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IRiskBudgetGrain>(node).SetLimitsAsync(body.Limit, body.ChangedBy, body.Reason);
    }

    static async Task<Answer<BudgetPlace>> AssignAsync(HttpRequest request, string? portfolio, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(HierarchyBody.Shape);
        if (problem is not null) return problem;
        if (!OneBook.TryChoose(portfolio, body.Portfolio, out var book, out problem)) return problem;
        return await grains.GetGrain<IRiskLimitGrain>(book).AssignAsync(new(body.Parent, body.ChangedBy, body.Reason));
    }

    static BudgetBranch Branch(BudgetReport report) => new(
        report.Node, report.Currency, report.Limit, report.Capacity, report.Granted, report.Used, report.Free,
        [.. report.Children.Select(child => Leaf(child, report.Currency))]);

    static BudgetBranch Leaf(BudgetChild child, string? currency) => new(
        child.Child, currency, BudgetAmounts.Unlimited, child.Granted, child.Used, child.Used,
        new(child.Granted.Gross - child.Used.Gross, child.Granted.Net - child.Used.Net, child.Granted.Shortfall - child.Used.Shortfall), []);
}
