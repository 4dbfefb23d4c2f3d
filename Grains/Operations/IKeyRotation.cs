namespace Trading.Operations;

/// <summary>Replaces keys that are older than the settings allow. The host has them; a grain's reminder tells it when to look.</summary>
public interface IKeyRotation
{
    Task RotateWhereDueAsync();
}
