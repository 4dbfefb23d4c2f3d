namespace Trading.Api;

/// <summary>Budgets of requests that the processes of a cluster have in common. A host that is alone registers none.</summary>
internal interface ISharedBudgets
{
    /// <summary>Takes one permit of a bucket that fills evenly, up to the burst.</summary>
    /// <returns>Whether there was one; null where that is not known in time, and the budget of the process decides alone.</returns>
    ValueTask<bool?> TakeAsync(string key, int perMinute, int burst);
}
