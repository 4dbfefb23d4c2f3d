using System.Data.Common;

namespace Orleans.Configuration
{
    /// <summary>When idle activations are collected.</summary>
    public class GrainCollectionOptions
    {
        /// <summary>How often the engine looks for idle activations.</summary>
        public TimeSpan CollectionQuantum { get; set; } = TimeSpan.FromMinutes(1);

        /// <summary>How long an activation may be idle.</summary>
        public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

        /// <summary>The same for single grain classes, by full class name.</summary>
        public Dictionary<string, TimeSpan> ClassSpecificCollectionAge { get; set; } = [];

        /// <summary>When the cancellation token of OnActivateAsync is cancelled.</summary>
        public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

        /// <summary>When the cancellation token of OnDeactivateAsync is cancelled.</summary>
        public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    public abstract class MessagingOptions
    {
        /// <summary>How long a caller waits before it gets a <see cref="TimeoutException"/>.</summary>
        public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
    }

    public class SiloMessagingOptions : MessagingOptions;

    public class ClusterOptions
    {
        public string ClusterId { get; set; } = "default";
        public string ServiceId { get; set; } = "default";
    }

    public class MemoryGrainStorageOptions;

    public class AdoNetGrainStorageOptions
    {
        /// <summary>Npgsql, System.Data.SQLite or Microsoft.Data.Sqlite.</summary>
        public string Invariant { get; set; } = "";

        /// <summary>How to reach the database; this or <see cref="DataSource"/>.</summary>
        public string? ConnectionString { get; set; }

        public DbDataSource? DataSource { get; set; }

        /// <summary>The embedded engine always deletes what is cleared.</summary>
        public bool DeleteStateOnClear { get; set; }
    }

    public class AdoNetReminderTableOptions
    {
        /// <inheritdoc cref="AdoNetGrainStorageOptions.Invariant"/>
        public string Invariant { get; set; } = "";

        /// <inheritdoc cref="AdoNetGrainStorageOptions.ConnectionString"/>
        public string? ConnectionString { get; set; }

        public DbDataSource? DataSource { get; set; }
    }
}

namespace Orleans.Hosting
{
    public sealed class ReminderOptions
    {
        /// <summary>The shortest period that a reminder may have.</summary>
        public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);
    }
}
