import { answered, data, defineH2Cases, echoed, headers, request, responds, status } from '../../h2/define.ts';

export default defineH2Cases([
  {
    id: 'h2/sanity/get',
    title: 'GET / is answered with 200',
    rfc: 'RFC9113#8.1',
    level: 'MUST',
    needs: ['get'],
    frames: [headers()],
    allow: [answered(status(200))],
    controls: { pass: responds(200, 'hello'), fail: responds(500) },
  },
  {
    id: 'h2/sanity/echo',
    title: 'POST /echo gives the content back',
    rfc: 'RFC9113#8.1',
    level: 'MUST',
    needs: ['echo'],
    frames: [headers(request('/echo', [], 'POST'), { end: false }), data('{nonce}')],
    allow: [echoed()],
    controls: { pass: responds(200, '{nonce}'), fail: responds(200, 'other') },
  },
]);
