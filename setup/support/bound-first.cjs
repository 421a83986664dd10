/**
 * tslab listens to its sockets while they are still being bound. A message that comes in between, as it does on a busy
 * machine, is answered on a socket that is not ready ("Socket is blocked by a bind or unbind operation"): the answer is lost,
 * and the kernel hears nothing any more. Here messages are handed on once all binding is done.
 *
 * @param {{ prototype: { bind(address: string): Promise<void>, receive(): Promise<unknown> } }} Socket zeromq's
 */
exports.bindFirst = ({ prototype }) => {
  const { bind, receive } = prototype;
  const binding = new Set();
  prototype.bind = function (address) {
    const bound = bind.call(this, address);
    binding.add(bound);
    return bound;
  };
  prototype.receive = async function () {
    const message = await receive.call(this);
    await Promise.allSettled(binding);
    return message;
  };
};
