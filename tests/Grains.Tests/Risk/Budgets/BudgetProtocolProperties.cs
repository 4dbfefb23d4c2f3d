using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Trading.Risk.Tests;

/// <summary>The hand-out of budgets, against every order of messages, losses and crashes that chance finds.</summary>
public sealed class BudgetProtocolProperties
{
    const int Cases = 2_000;

    enum Act
    {
        Use,
        Release,
        Ask,
        DeliverAsk,
        RepeatAsk,
        DropAsk,
        DeliverOffer,
        RepeatOffer,
        DropOffer,
        CrashParent,
        Limit,
    }

    sealed record Step(Act Act, int Child, int Number);

    static readonly Gen<Step[]> Histories =
        (from act in Gen.Elements(Enum.GetValues<Act>())
         from child in Gen.Choose(0, 2)
         from number in Gen.Choose(0, 60)
         select new Step(act, child, number)).ArrayOf(80);

    [Fact]
    public void Grants_NeverExceedTheLimit_AndUseNeverItsGrant_WhateverIsLostRepeatedOrLate() =>
        Prop.ForAll(Histories.ToArbitrary(), steps =>
        {
            var world = new World();
            return steps.All(world.Take);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260105), FSharpOption<int>.None))));

    [Fact]
    public void StarvingChild_GetsWhatOthersDoNotUse_WithinTwoRounds()
    {
        var world = new World();
        world.Round(0, wanted: 100);
        world.Take(new(Act.Use, 0, 20)).ShouldBeTrue();
        world.Held(0).ShouldBe(100);
        for (var round = 0; round < 2; round++)
        {
            world.Round(1, wanted: 60);
            world.Round(0, wanted: 30);
        }

        world.Round(1, wanted: 60);
        world.Held(0).ShouldBe(30);
        world.Held(1).ShouldBe(60);
    }

    [Fact]
    public void ShortBudget_IsSharedInProportion_AboveWhatIsUsed()
    {
        var world = new World();
        foreach (var child in new[] { 0, 1 }) world.Round(child, wanted: 50);
        world.Take(new(Act.Use, 0, 20));
        world.Take(new(Act.Use, 1, 40));
        for (var round = 0; round < 3; round++)
        {
            world.Round(0, wanted: 60); // 40 beyond what it uses
            world.Round(1, wanted: 160); // 120 beyond
        }

        (world.Held(0), world.Held(1)).ShouldBe((30m, 70m));
    }

    [Fact]
    public void ChildWithoutLimit_IsBoundOnceItsNodeHasOne()
    {
        var node = new BudgetNode();
        var held = default(BudgetGrant);
        Exchange(ref node, ref held, used: 10, wanted: 20);
        held!.Amounts.ShouldBe(BudgetAmounts.Unlimited);
        node = node with { Changes = [Limit(100)] };
        Exchange(ref node, ref held, used: 10, wanted: 20);
        held!.Amounts.Gross.ShouldBe(20);
        Granting.Free(node, isRoot: true).Gross.ShouldBe(0); // until the child has confirmed
        Exchange(ref node, ref held, used: 10, wanted: 20);
        Granting.Free(node, isRoot: true).Gross.ShouldBe(80);
    }

    [Fact]
    public void UnknownUse_GivesNothingBack()
    {
        var grant = new BudgetGrant("firm", 3, new(50, 50, 5));
        BudgetHolding.Take(grant, new("firm", 3, grant.Amounts, BudgetAmounts.Zero), new(null, 20, 0)).Amounts.ShouldBe(new(50, 20, 0));
    }

    [Fact]
    public void Asking_IsAheadOfNeed_GivesIdleBudgetBack_AndRestsBetween()
    {
        Wanted(held: 100, used: 95).ShouldBe(95 + (1.5m * 23.75m));
        Wanted(held: 100, used: 70).ShouldBe(100);
        Wanted(held: 100, used: 10).ShouldBe(10 + (1.5m * 5));
        Wanted(held: 100, used: 70, demand: 150).ShouldBe(150);

        static decimal? Wanted(decimal held, decimal used, decimal demand = 0) => BudgetHolding.Ask(
            "book", "firm", new("USD", 100, new("firm", 1, new(held, null, null)), new(used, 0, 0)), new(demand, 0, 0)).Wanted.Gross;
    }

    static BudgetLimits Limit(decimal gross) => new(new(gross, null, null), "test", "test", default);

    static void Exchange(ref BudgetNode node, ref BudgetGrant? held, decimal used, decimal wanted)
    {
        node = Granting.Note(node, new("book", "USD", held?.Amounts ?? BudgetAmounts.Zero, held?.Version ?? 0, new(used, 0, 0), new(wanted, 0, 0)));
        (node, var offer) = Granting.Offer(node, "firm", isRoot: true, "book");
        held = BudgetHolding.Take(held, offer, new(used, 0, 0));
    }

    /// <summary>A node with a limit of 100 and three children; what is on its way may come late, twice or never.</summary>
    sealed class World
    {
        readonly BudgetGrant?[] _held = new BudgetGrant?[3];
        readonly decimal[] _used = new decimal[3];
        readonly List<BudgetAsk> _asks = [];
        readonly List<(int Child, BudgetOffer Offer)> _offers = [];
        BudgetNode _node = new() { Changes = [Limit(100)] };
        BudgetNode _stored;

        public World() => _stored = _node;

        public decimal Held(int child) => _held[child]?.Amounts.Gross ?? 0;

        /// <summary>Asks, and confirms what is given back, with nothing lost.</summary>
        public void Round(int child, decimal wanted)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                Ask(child, wanted);
                Deliver(_asks[^1]);
                Accept(_offers[^1]);
            }

            _asks.Clear();
            _offers.Clear();
        }

        public bool Take(Step step)
        {
            switch (step.Act)
            {
                case Act.Use when _used[step.Child] + step.Number <= Held(step.Child):
                    _used[step.Child] += step.Number;
                    break;
                case Act.Release:
                    _used[step.Child] = Math.Max(0, _used[step.Child] - step.Number);
                    break;
                case Act.Ask:
                    Ask(step.Child, _used[step.Child] + step.Number);
                    break;
                case Act.DeliverAsk or Act.RepeatAsk when _asks.Count > 0:
                    Deliver(_asks[step.Number % _asks.Count]);
                    if (step.Act == Act.DeliverAsk) _asks.RemoveAt(step.Number % _asks.Count);
                    break;
                case Act.DropAsk when _asks.Count > 0:
                    _asks.RemoveAt(step.Number % _asks.Count);
                    break;
                case Act.DeliverOffer or Act.RepeatOffer when _offers.Count > 0:
                    Accept(_offers[step.Number % _offers.Count]);
                    if (step.Act == Act.DeliverOffer) _offers.RemoveAt(step.Number % _offers.Count);
                    break;
                case Act.DropOffer when _offers.Count > 0:
                    _offers.RemoveAt(step.Number % _offers.Count);
                    break;
                case Act.CrashParent:
                    _node = _stored;
                    break;
                case Act.Limit:
                    _stored = _node = _node with { Changes = [Limit(Math.Max(100 - step.Number, Granted(_node)))] };
                    break;
            }

            return Granted(_stored) <= _stored.Limit.Gross
                && Enumerable.Range(0, 3).All(child =>
                    _used[child] <= Held(child) && Held(child) <= (_stored.Find(Name(child))?.Granted.Gross ?? 0));
        }

        void Ask(int child, decimal wanted) => _asks.Add(new(
            Name(child), "USD", _held[child]?.Amounts ?? BudgetAmounts.Zero, _held[child]?.Version ?? 0, new(_used[child], 0, 0), new(wanted, 0, 0)));

        void Deliver(BudgetAsk ask)
        {
            var (node, offer) = Granting.Offer(Granting.Note(_node, ask), "firm", isRoot: true, ask.Child);
            if (node.DiffersFrom(_stored)) _stored = node;
            _node = node;
            _offers.Add((ask.Child[0] - 'a', offer));
        }

        void Accept((int Child, BudgetOffer Offer) answer) =>
            _held[answer.Child] = BudgetHolding.Take(_held[answer.Child], answer.Offer, new(_used[answer.Child], 0, 0));

        static decimal Granted(BudgetNode node) => node.Children.Sum(child => child.Granted.Gross!.Value);

        static string Name(int child) => ((char)('a' + child)).ToString();
    }
}
