using Libp2p.TestKit;

namespace Libp2p.Transports.Memory.Tests;

public sealed class MemoryByteTransportInSimulation : SimulatedSuite<MemoryByteTransportContract>;

public sealed class MemoryByteConnectionInSimulation : SimulatedSuite<MemoryByteConnectionContract>;

public sealed class MemorySmallCapacityInSimulation : SimulatedSuite<MemorySmallCapacityContract>;
