using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Trading.Risk;

namespace Trading.Simulation.Tests;

/// <summary>A firm, two desks and four books, in every budgeted measure at once, against every order of messages, losses and crashes that
/// chance finds: nothing below is ever bound by more than what is above it.</summary>
public sealed class BudgetTreeProperties
{
    const int Cases = 1_000, Desks = 2, Books = 4;

    enum Act { Use, Release, Supply, LoseTheOffer, DeskAsks, DeskLosesTheOffer, CrashDesk, CrashFirm, RaiseFirm, LowerDesk }

    sealed record Step(Act Act, int Book, int Number);

    static readonly Gen<Step[]> Histories =
        (from act in Gen.Elements(Enum.GetValues<Act>().Append(Act.Supply).Append(Act.Supply).Append(Act.Use).ToArray())
         from book in Gen.Choose(0, Books - 1)
         from number in Gen.Choose(0, 40)
         select new Step(act, book, number)).ArrayOf(120);

    [Fact]
    public void UsedIsWithinHeld_HeldWithinGranted_AndGrantedWithinTheParents_AtThreeLevels_InEveryMeasure() =>
        Prop.ForAll(Histories.ToArbitrary(), steps =>
        {
            var tree = new Tree();
            return steps.All(tree.Take);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260105), FSharpOption<int>.None))));

    sealed class Tree
    {
        readonly BudgetGrant?[] _held = new BudgetGrant?[Books];
        readonly BudgetAmounts[] _used = [.. Enumerable.Repeat(BudgetAmounts.Zero, Books)];
        readonly Stored[] _desks = [.. Enumerable.Range(0, Desks).Select(_ => new Stored(new() { Currency = "USD" }))];
        readonly Stored _firm = new(new() { Currency = "USD", Changes = [Limit(100)] });

        public bool Take(Step step)
        {
            var desk = step.Book % Desks;
            var wanted = Add(_used[step.Book], step.Number);
            switch (step.Act)
            {
                case Act.Use when Fits(Add(_used[step.Book], step.Number), Held(step.Book)):
                    _used[step.Book] = Add(_used[step.Book], step.Number);
                    break;
                case Act.Release:
                    _used[step.Book] = Add(_used[step.Book], -step.Number);
                    break;
                case Act.Supply or Act.LoseTheOffer:
                    Supply(step.Book, desk, wanted, isLost: step.Act == Act.LoseTheOffer);
                    break;
                case Act.DeskAsks or Act.DeskLosesTheOffer:
                    AskFirm(desk, isLost: step.Act == Act.DeskLosesTheOffer);
                    break;
                case Act.CrashDesk:
                    _desks[desk].Crash();
                    break;
                case Act.CrashFirm:
                    _firm.Crash();
                    break;
                case Act.RaiseFirm:
                    _firm.Keep(_firm.Node with { Changes = [Limit(_firm.Node.Limit.Gross!.Value + step.Number)] });
                    break;
                case Act.LowerDesk:
                    var granted = Granted(_desks[desk].Durable).Gross!.Value;
                    _desks[desk].Keep(_desks[desk].Node with { Changes = [Limit(Math.Max(granted * 2, 60 - step.Number))] });
                    break;
            }

            return Fits(Granted(_firm.Durable), _firm.Durable.Limit)
                && Enumerable.Range(0, Desks).All(IsWithinFirm) && Enumerable.Range(0, Books).All(IsWithinDesk);
        }

        bool IsWithinFirm(int desk) =>
            Fits(Granted(_desks[desk].Durable), _desks[desk].Durable.Grant?.Amounts ?? BudgetAmounts.Zero)
            && Fits(_desks[desk].Durable.Grant?.Amounts ?? BudgetAmounts.Zero, _firm.Durable.Find(Desk(desk))?.Granted ?? BudgetAmounts.Zero);

        bool IsWithinDesk(int book) =>
            Fits(_used[book], Held(book)) && Fits(Held(book), _desks[book % Desks].Durable.Find(Book(book))?.Granted ?? BudgetAmounts.Zero);

        /// <summary>As a book's steward and its desk talk: the desk asks the firm first where it is short.</summary>
        void Supply(int book, int desk, BudgetAmounts wanted, bool isLost)
        {
            _desks[desk].Node = Granting.Note(_desks[desk].Node, new(Book(book), "USD", Held(book), _held[book]?.Version ?? 0, _used[book], wanted));
            if (Granting.IsShort(_desks[desk].Node, isRoot: false, Book(book))) AskFirm(desk, isLost: false);
            var (node, offer) = Granting.Offer(_desks[desk].Node, Desk(desk), isRoot: false, Book(book));
            _desks[desk].Keep(node);
            if (!isLost) _held[book] = BudgetHolding.Take(_held[book], offer, _used[book]);
        }

        void AskFirm(int desk, bool isLost)
        {
            _firm.Node = Granting.Note(_firm.Node, Granting.Ask(_desks[desk].Node, Desk(desk)));
            var (node, offer) = Granting.Offer(_firm.Node, "firm", isRoot: true, Desk(desk));
            _firm.Keep(node);
            if (!isLost) _desks[desk].Keep(Granting.Take(_desks[desk].Node, offer));
        }

        BudgetAmounts Held(int book) => _held[book]?.Amounts ?? BudgetAmounts.Zero;

        static BudgetAmounts Granted(BudgetNode node) => Amounts.Sum(node.Children.Select(child => child.Granted));

        static bool Fits(BudgetAmounts part, BudgetAmounts whole) => !Amounts.AnyLess(whole, part);

        /// <summary>Each measure moves by its own share, so that now one and now another is short.</summary>
        static BudgetAmounts Add(BudgetAmounts used, int number) => new(
            Math.Max(0, used.Gross!.Value + number), Math.Max(0, used.Net!.Value + (number % 7)), Math.Max(0, used.Shortfall!.Value + (number % 3 * 0.5m)));

        static BudgetLimits Limit(decimal gross) => new(new(gross, gross * 0.3m, gross * 0.05m), "test", "test", default);

        static string Desk(int desk) => $"desk/{desk}";

        static string Book(int book) => $"book-{book}";
    }

    /// <summary>A node in memory and in its store.</summary>
    sealed class Stored(BudgetNode node)
    {
        public BudgetNode Node { get; set; } = node;
        public BudgetNode Durable { get; private set; } = node;

        public void Keep(BudgetNode next) => Node = next.DiffersFrom(Durable) ? Durable = next : next;

        public void Crash() => Node = Durable;
    }
}
