using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>Passes on to a book what the firm ordered before it could hear of it: a book that is opened while the firm
/// is stopped must not trade.</summary>
sealed class FirmFollower(IPortfolioGrain book, FirmOrder? order)
{
    FirmOrder? _unfollowed = order;

    /// <summary>Until the book has followed. One that is not opened cannot.</summary>
    public async Task FollowAsync()
    {
        if (_unfollowed is { } order && (await book.FollowAsync(order)).IsDone) _unfollowed = null;
    }
}
