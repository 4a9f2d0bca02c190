using Libp2p.Benchmarks.Workloads;

namespace Libp2p.Benchmarks.Roles;

/// <summary>The side that measures, in a process of its own.</summary>
internal interface IDialer
{
    Task<Sample> MeasureAsync(Workload work);
}
